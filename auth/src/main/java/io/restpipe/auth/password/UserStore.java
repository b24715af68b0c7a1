package io.restpipe.auth.password;

import io.restpipe.config.Secret;
import java.util.Optional;

/**
 * Where users are. Whoever has users elsewhere implements this. Any thread; each call may block,
 * but no longer than some seconds, and throws where the answer can't be had.
 */
public interface UserStore extends AutoCloseable {

  /** What logs call it: {@code file /etc/restpipe/users}; without secrets. */
  String name();

  /**
   * The account that somebody means by this name or e-mail address.
   *
   * @throws StoreException if the store can't be asked
   */
  Optional<Account> find(String login) throws StoreException;

  /**
   * Takes as long as checking a password would, where there is no account to check it for.
   *
   * @throws StoreException if the store can't be asked
   */
  void checkNobody(Secret password) throws StoreException;

  @Override
  default void close() {}

  /** An account that has been found, and whose password has not been checked. */
  interface Account {

    /**
     * What is known of the user, before a password has been checked; empty where the store tells
     * only those who have logged in.
     */
    Optional<User> user();

    /**
     * A short text that is another one after the password was changed, and says nothing of it;
     * empty where the store can't tell.
     */
    default String passwordStamp() {
      return "";
    }

    /**
     * Checks a password: who it is, if it is right. A disabled user is given like any other.
     *
     * @throws StoreException if the store can't be asked
     */
    Optional<User> check(Secret password) throws StoreException;
  }
}

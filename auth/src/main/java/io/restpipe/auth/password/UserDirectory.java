package io.restpipe.auth.password;

import io.restpipe.config.Secret;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A store whose users can be changed here. Any thread; each call may block. */
public interface UserDirectory extends UserStore {

  /**
   * All users, by name.
   *
   * @throws StoreException if the store can't be asked
   */
  List<User> list() throws StoreException;

  /**
   * Adds a user.
   *
   * @throws UserException if there is one of that name or e-mail address
   * @throws StoreException if the store can't be asked
   */
  User add(String name, @Nullable String email, Secret password, Set<String> roles)
      throws UserException, StoreException;

  /**
   * Sets a user's password.
   *
   * @throws UserException if there is no such user
   * @throws StoreException if the store can't be asked
   */
  void setPassword(String name, Secret password) throws UserException, StoreException;

  /**
   * Sets a user's roles.
   *
   * @throws UserException if there is no such user
   * @throws StoreException if the store can't be asked
   */
  void setRoles(String name, Set<String> roles) throws UserException, StoreException;

  /**
   * Keeps a user out, or lets it in again.
   *
   * @throws UserException if there is no such user
   * @throws StoreException if the store can't be asked
   */
  void setDisabled(String name, boolean disabled) throws UserException, StoreException;

  /**
   * Removes a user.
   *
   * @throws UserException if there is no such user
   * @throws StoreException if the store can't be asked
   */
  void remove(String name) throws UserException, StoreException;
}

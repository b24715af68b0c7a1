package io.restpipe.auth.password;

import io.restpipe.config.Secret;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Several stores, asked in order: the first that knows a user decides. One that can't be asked ends
 * the search: a later store must not speak for a user that an earlier one may have.
 */
public final class UserStoreChain implements UserStore {

  private final List<UserStore> stores;

  /**
   * A chain of these.
   *
   * @throws IllegalArgumentException if there are none
   */
  public UserStoreChain(List<? extends UserStore> stores) {
    if (stores.isEmpty()) {
      throw new IllegalArgumentException("no store");
    }
    this.stores = List.copyOf(stores);
  }

  @Override
  public String name() {
    return stores.stream().map(UserStore::name).collect(Collectors.joining(", then "));
  }

  @Override
  public Optional<Account> find(String login) throws StoreException {
    for (UserStore store : stores) {
      Optional<Account> account = store.find(login);
      if (account.isPresent()) {
        return account;
      }
    }
    return Optional.empty();
  }

  @Override
  public void checkNobody(Secret password) throws StoreException {
    stores.get(0).checkNobody(password);
  }

  @Override
  public void close() {
    stores.forEach(UserStore::close);
  }
}

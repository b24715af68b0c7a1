package io.restpipe.auth.password;

import io.restpipe.auth.password.UserStore.Account;
import io.restpipe.config.Secret;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An account whose hash the store has; a hash of an older form is replaced after a login. */
final class HashedAccount implements Account {

  private static final Logger LOG = LoggerFactory.getLogger(HashedAccount.class);

  /** Puts a new hash in the place of an old one, unless that is there no more. */
  @FunctionalInterface
  interface Upgrade {
    void replace(String oldHash, String newHash) throws Exception;
  }

  private final User user;
  private final String hash;
  private final Upgrade upgrade;

  HashedAccount(User user, String hash, Upgrade upgrade) {
    this.user = user;
    this.hash = hash;
    this.upgrade = upgrade;
  }

  @Override
  public Optional<User> user() {
    return Optional.of(user);
  }

  @Override
  public Optional<User> check(Secret password) throws StoreException {
    PasswordHash parsed;
    try {
      parsed = PasswordHash.parse(hash);
    } catch (HashFormatException e) {
      throw new StoreException("the password of user " + user.name() + ": " + e.getMessage(), e);
    }
    if (!parsed.matches(PasswordHash.bytes(password))) {
      return Optional.empty();
    }
    if (parsed.isOutdated()) {
      upgrade(password);
    }
    return Optional.of(user);
  }

  /** Better luck with the next login, if it fails: this one was right. */
  private void upgrade(Secret password) {
    try {
      upgrade.replace(hash, PasswordHash.make(password));
      LOG.info("the password of user {} is hashed as Argon2id now", user.name());
    } catch (Exception e) {
      LOG.warn("the password of user {} keeps its older hash: {}", user.name(), e.getMessage());
    }
  }
}

package io.restpipe.auth.password;

import io.restpipe.auth.password.UserStore.Account;
import io.restpipe.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An account whose hash the store has; a hash of an older form is replaced after a login. */
final class HashedAccount implements Account {

  private static final Logger LOG = LoggerFactory.getLogger(HashedAccount.class);

  /** Enough to see a change by. */
  private static final int STAMP_BYTES = 9;

  /** Puts a new hash in the place of an old one; whether that was still there. */
  @FunctionalInterface
  interface Upgrade {
    boolean replace(String oldHash, String newHash) throws Exception;
  }

  private final User user;
  private final String hash;

  /** The one in the store; null where it is not known any more which that is. */
  private volatile @Nullable String current;

  private final Upgrade upgrade;

  HashedAccount(User user, String hash, Upgrade upgrade) {
    this.user = user;
    this.hash = hash;
    this.current = hash;
    this.upgrade = upgrade;
  }

  @Override
  public Optional<User> user() {
    return Optional.of(user);
  }

  @Override
  public String passwordStamp() {
    String now = current;
    if (now == null) {
      return "";
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(now.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(digest, STAMP_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // each JDK has it
    }
  }

  @Override
  public Optional<User> check(Secret password) {
    PasswordHash parsed;
    try {
      parsed = PasswordHash.parse(hash);
    } catch (HashFormatException e) {
      // Such as what other programs put there for users who must not log in with a password.
      LOG.warn("no password of user {} is right: {}", user.name(), e.getMessage());
      return Optional.empty();
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
      String fresh = PasswordHash.make(password);
      boolean replaced = upgrade.replace(hash, fresh);
      current = replaced ? fresh : null;
      if (replaced) {
        LOG.info("the password of user {} is hashed as Argon2id now", user.name());
      }
    } catch (Exception e) {
      LOG.warn("the password of user {} keeps its older hash: {}", user.name(), e.getMessage());
    }
  }
}

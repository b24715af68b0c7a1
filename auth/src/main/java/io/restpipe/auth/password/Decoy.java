package io.restpipe.auth.password;

import io.restpipe.config.Secret;

/**
 * A hash that no password fits, checked where there is no user, so that this takes as long as where
 * there is one. It is of the form that the store's own hashes have.
 */
final class Decoy {

  private static final String PASSWORD = "no password";

  private volatile String hash = "";

  /** One of the store's hashes. */
  void learn(String seen) {
    hash = seen;
  }

  void check(Secret password) {
    String like = hash;
    if (like.isEmpty()) {
      like = PasswordHash.make(new Secret(PASSWORD));
      hash = like;
    }
    try {
      PasswordHash.parse(like).matches(PasswordHash.bytes(password));
    } catch (HashFormatException damaged) {
      hash = "";
    }
  }
}

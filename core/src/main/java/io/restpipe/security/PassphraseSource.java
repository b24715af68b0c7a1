package io.restpipe.security;

import org.jspecify.annotations.Nullable;

/** Where the passphrase of a private key is had from. It is asked for keys that are encrypted. */
@FunctionalInterface
public interface PassphraseSource {

  /** Has none. */
  PassphraseSource NONE = file -> null;

  /**
   * The passphrase, or null where there is none. Whoever gets it wipes it.
   *
   * @param file which key it is for, for sentences and prompts
   * @throws IdentityException with a sentence of its own, where there should be one
   */
  char @Nullable [] passphrase(String file);

  /** Has this one, for all keys. */
  static PassphraseSource of(String passphrase) {
    return file -> passphrase.toCharArray();
  }
}

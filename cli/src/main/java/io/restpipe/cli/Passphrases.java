package io.restpipe.cli;

import io.restpipe.config.Secret;
import io.restpipe.config.Setting;
import io.restpipe.config.Settings;
import io.restpipe.security.IdentityException;
import io.restpipe.security.PassphraseSource;

/** Passphrases of private keys, from settings: never from arguments, which others can see. */
final class Passphrases {

  private Passphrases() {}

  /** That of a setting; where it is unset and needed, how to set it. */
  static PassphraseSource of(Settings settings, Setting<Secret> setting) {
    return file -> {
      Secret secret = settings.find(setting).orElse(null);
      if (secret == null) {
        String variable = setting.environment().get(0);
        throw new IdentityException(
            "%s: the private key is encrypted with a passphrase: set %s_FILE to a file that holds it, or %s to itself"
                .formatted(file, variable, variable));
      }
      return secret.reveal().toCharArray();
    };
  }
}

package io.restpipe.cli;

import io.restpipe.auth.identity.JoinTokens;
import io.restpipe.auth.identity.TokenEnrollment;
import io.restpipe.config.Settings;
import io.restpipe.security.Enrollment;
import io.restpipe.security.IdentityException;
import io.restpipe.security.SecurityLog;
import java.nio.file.Path;
import java.util.Optional;

/** A server's own authority, if it has one: with it clients join, and renew their certificates. */
final class ServerEnrollment {

  private ServerEnrollment() {}

  /**
   * The authority that the settings name; nothing where they name none.
   *
   * @throws IdentityException if it can't sign
   */
  static Optional<Enrollment> of(Settings settings, SecurityLog securityLog) {
    return settings
        .find(CaSettings.PATH)
        .map(
            folder ->
                new TokenEnrollment(
                    folder,
                    Passphrases.of(settings, CaSettings.KEY_PASSPHRASE),
                    tokens(settings),
                    securityLog));
  }

  /** The server's join tokens, in the folder of its identity. */
  static JoinTokens tokens(Settings settings) {
    return JoinTokens.in(settings.get(ServerSettings.CERT_PATH));
  }

  /** The authority's lists of revoked certificates; nothing where the settings name none. */
  static Optional<Path> revocationFile(Settings settings) {
    return settings.find(CaSettings.PATH).map(folder -> folder.resolve("ca.crl.pem"));
  }
}

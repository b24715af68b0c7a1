package io.restpipe.auth.identity;

import io.restpipe.security.NodeRole;
import java.nio.file.Path;

/** A process that issues certificates: {@code FOLDER PREFIX COUNT}. */
final class IssuingProcess {

  private IssuingProcess() {}

  public static void main(String[] arguments) {
    var authority = CertificateAuthority.open(Path.of(arguments[0]));
    for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
      authority.identity(arguments[1] + i, NodeRole.CLIENT);
    }
  }
}

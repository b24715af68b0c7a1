package io.restpipe.node;

import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.auth.identity.Issuance;
import io.restpipe.security.Identity;
import io.restpipe.security.NodeRole;

/** Identities for tests: one authority, made once. */
final class Certificates {

  private static final CertificateAuthority AUTHORITY = CertificateAuthority.inMemory("test CA");
  private static final CertificateAuthority OTHER = CertificateAuthority.inMemory("other CA");
  private static final Identity SERVER =
      AUTHORITY.identity(Issuance.server("pipe.test").dns("localhost").ip("127.0.0.1"));

  private Certificates() {}

  static Identity server() {
    return SERVER;
  }

  static Identity client(String name) {
    return AUTHORITY.identity(name, NodeRole.CLIENT);
  }

  static Identity clientOfAnotherAuthority(String name) {
    return OTHER.identity(name, NodeRole.CLIENT);
  }
}

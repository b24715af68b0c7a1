package io.restpipe.gateway;

import io.restpipe.event.Principal;
import io.restpipe.security.Authentication;
import io.restpipe.security.Authenticator;
import io.restpipe.security.Credentials;
import io.restpipe.security.PeerName;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Knows callers by the certificate that TLS has verified, under the name that a node would have.
 */
final class CertificateAuthenticator implements Authenticator {

  @Override
  public CompletionStage<Authentication> authenticate(Credentials credentials) {
    if (credentials.certificates().isEmpty()) {
      return CompletableFuture.completedFuture(Authentication.ABSENT);
    }
    return CompletableFuture.completedFuture(
        PeerName.of(credentials.certificates().get(0))
            .map(CertificateAuthenticator::accepted)
            .orElseGet(() -> Authentication.refused("the certificate has no usable name")));
  }

  private static Authentication accepted(String name) {
    return new Authentication.Accepted(
        Principal.builder(Principal.Kind.PEER, name).method(Principal.Method.CERTIFICATE).build());
  }
}

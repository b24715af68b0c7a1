package io.restpipe.pipe.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.security.NodeRole;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TlsContextsTest {

  private final CertificateAuthority authority = CertificateAuthority.inMemory("test CA");

  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void two_nodes_of_one_authority_know_each_other_by_name(TlsEngine engine) throws Exception {
    var server = TlsContexts.of(authority.identity("hub", NodeRole.SERVER), engine);
    var client = TlsContexts.of(authority.identity("fileserver", NodeRole.CLIENT), engine);

    try (var loopback = new Loopback(server)) {
      var dialed = loopback.dial(client);

      assertThat(loopback.accepting.next())
          .isInstanceOfSatisfying(
              TlsPeer.class,
              peer -> {
                assertThat(peer.name()).isEqualTo("fileserver");
                assertThat(peer.tls()).isEqualTo("TLSv1.3 TLS_AES_128_GCM_SHA256");
              });
      assertThat(loopback.accepting.next()).isEqualTo("hello");
      assertThat(dialed.next())
          .isInstanceOfSatisfying(TlsPeer.class, peer -> assertThat(peer.name()).isEqualTo("hub"));
      assertThat(dialed.next()).isEqualTo("welcome");
    }
  }
}

package io.restpipe.auth.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.restpipe.security.CertificateRequest;
import io.restpipe.security.Identity;
import java.security.PublicKey;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.junit.jupiter.api.Test;

/** The request that core writes, read by a library that core does without. */
class NodeRequestTest {

  @Test
  void a_request_of_a_node_is_signed_by_its_own_key_and_asks_for_its_name_only() throws Exception {
    CertificateRequest made = CertificateRequest.make("fileserver");

    var read = new JcaPKCS10CertificationRequest(made.encoded());

    PublicKey key = read.getPublicKey();
    assertThat(read.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))).isTrue();
    assertThat(Identity.fits(made.privateKey(), key)).isTrue();
    assertThat(read.getSubject()).hasToString("CN=fileserver");
    assertThat(read.getAttributes()).isEmpty();
    assertThat(read.getEncoded()).isEqualTo(made.encoded());
  }

  @Test
  void a_request_may_leave_the_name_to_the_authority() throws Exception {
    var read = new JcaPKCS10CertificationRequest(CertificateRequest.make().encoded());

    assertThat(read.getSubject().getRDNs()).isEmpty();
  }

  @Test
  void a_name_that_no_node_has_is_not_asked_for() {
    assertThatThrownBy(() -> CertificateRequest.make("a/b"))
        .hasMessage("no name of a node: \"a/b\"");
  }
}

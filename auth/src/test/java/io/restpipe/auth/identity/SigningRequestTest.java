package io.restpipe.auth.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.restpipe.security.CertificateRequest;
import io.restpipe.security.EnrollmentException;
import io.restpipe.security.EnrollmentException.Reason;
import io.restpipe.security.IssuedCertificate;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that openssl made; {@code make.sh} beside them has the commands. */
class SigningRequestTest {

  private static final Path FILES = Path.of("src/test/resources/requests");
  private static final CertificateAuthority AUTHORITY = CertificateAuthority.inMemory("our CA");

  private static IssuedCertificate sign(String name, Issuance issuance) throws Exception {
    return AUTHORITY.sign(RequestFiles.read(FILES.resolve(name)), issuance);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain.csr.pem",
        "plain.csr.der",
        "windows.csr.pem",
        "rsa.csr.pem",
        "ed25519.csr.pem",
        "p384.csr.pem",
        "no-subject.csr.pem",
        "organization.csr.pem"
      })
  void a_request_of_openssl_gets_what_the_authority_says(String name) throws Exception {
    X509Certificate certificate = sign(name, Issuance.client("edge")).certificate();

    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=edge");
    assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
  }

  @Test
  void what_is_asked_for_may_be_what_is_given() throws Exception {
    Issuance server = Issuance.server("edge").dns("edge.example.com").ip("10.1.2.3");

    assertThat(sign("all.csr.pem", server).certificate().getSubjectAlternativeNames()).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ca|asks to be an authority (CA:TRUE)
          cert-sign|asks to sign certificates or lists (key usage keyCertSign or cRLSign)
          crl-sign|asks to sign certificates or lists (key usage keyCertSign or cRLSign)
          other-name|asks for the name other, not edge
          two-names|asks for the name other, not edge
          other-uri|asks for the name restpipe://other, not restpipe://edge
          other-dns|asks for the host name other.example.com, which is not given
          other-ip|asks for the address 10.9.9.9, which is not given
          wildcard|asks for the wildcard *.example.com
          wildcard-cn|asks for the wildcard *.example.com
          mail|asks for a name of a kind that nodes don't have: 1: a@example.com
          server-usage|asks for the usage serverAuth: a client gets clientAuth only
          any-usage|asks for the usage 2.5.29.37.0: a client gets clientAuth only
          constraints|asks for the critical extension 2.5.29.30, which is not given
          weak-rsa|has an RSA key of 1024 bits: 2048 to 8192 are taken
          weak-ec|has an EC key on a curve of fewer than 256 bits
          """)
  void what_asks_for_more_is_refused_by_name(String name, String what) {
    assertThatThrownBy(() -> sign(name + ".csr.pem", Issuance.client("edge")))
        .isInstanceOfSatisfying(
            EnrollmentException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.REQUEST_REFUSED))
        .hasMessage("the certificate request " + what);
  }

  @Test
  void a_request_that_another_key_signed_is_refused() throws Exception {
    byte[] request = CertificateRequest.make("edge").encoded();
    // The last bytes are the signature's.
    request[request.length - 3] ^= 1;

    assertThatThrownBy(() -> AUTHORITY.sign(request, Issuance.client("edge")))
        .isInstanceOf(EnrollmentException.class);
  }

  @Test
  void whatever_bytes_come_it_is_a_refusal() {
    byte[] good = CertificateRequest.make("edge").encoded();
    var random = new Random(7);
    for (int i = 0; i < 500; i++) {
      byte[] bytes = good.clone();
      for (int k = 0; k < 1 + i % 3; k++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      if (!java.util.Arrays.equals(bytes, good)) {
        assertThatThrownBy(() -> AUTHORITY.sign(bytes, Issuance.client("edge")))
            .isInstanceOf(EnrollmentException.class);
      }
    }
    for (int length = 0; length < good.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(good, length);
      assertThatThrownBy(() -> SigningRequest.parse(cut)).isInstanceOf(EnrollmentException.class);
    }
    assertThatThrownBy(() -> SigningRequest.parse(new byte[70_000]))
        .hasMessage("the certificate request is larger than 64 KiB");
  }

  @Test
  void a_file_without_a_request_says_so() {
    assertThatThrownBy(() -> RequestFiles.read(FILES.resolve("ca.crt.pem")))
        .hasMessageEndingWith(
            "ca.crt.pem: holds no certificate request (BEGIN CERTIFICATE REQUEST); is it the"
                + " right file?");
    assertThatThrownBy(() -> RequestFiles.read(FILES.resolve("nowhere")))
        .hasMessageEndingWith("nowhere: does not exist");
  }
}

package io.restpipe.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerNameTest {

  @ParameterizedTest
  @CsvSource({
    "ec-sec1.crt.pem, edge-7", // URI:restpipe://edge-7, DNS:edge.example.com
    "ec-pkcs8.crt.pem, localhost", // DNS:localhost
    "v1.crt.pem, v1", // no alternative name
    "rsa-ca.crt.pem, openssl rsa-ca",
  })
  void uri_comes_before_dns_before_common_name(String file, String name) {
    var certificate = Pem.readCertificates(PemTest.FILES.resolve(file)).get(0);

    assertThat(PeerName.of(certificate)).contains(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hub", "7", "file-server_1", "edge.example.com", "A"})
  void what_can_be_issued(String name) {
    assertThat(PeerName.isIssuable(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-hub", ".hub", "a b", "a/b", "..", "h\u00fcb", "a\n", "a%2F", "*.x"})
  void what_can_not_be_issued(String name) {
    assertThat(PeerName.isIssuable(name)).isFalse();
  }

  @Test
  void names_have_an_end() {
    assertThat(PeerName.isIssuable("a".repeat(63))).isTrue();
    assertThat(PeerName.isIssuable("a".repeat(64))).isFalse();
    assertThat(PeerName.isHostName(("a".repeat(63) + ".").repeat(3) + "b".repeat(61))).isTrue();
    assertThat(PeerName.isHostName(("a".repeat(63) + ".").repeat(3) + "b".repeat(62))).isFalse();
  }
}

package io.restpipe.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.cert.X509Certificate;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JoinLineTest {

  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String FINGERPRINT = SECRET + SECRET;
  private static final JoinLine LINE =
      new JoinLine("pipe.example.com", 1234, "8e1c20f7", SECRET, FINGERPRINT);

  @Test
  void a_line_is_one_word_that_names_the_server_first() {
    assertThat(LINE.text())
        .isEqualTo(
            "pipe.example.com:1234/rpj1.8e1c20f7." + SECRET + "." + FINGERPRINT + ".d0bb39a4");
    assertThat(LINE.token()).isEqualTo("8e1c20f7." + SECRET);
    assertThat(LINE.toString()).doesNotContain(SECRET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pipe.example.com", "10.1.2.3", "::1", "fe80::1", "PIPE", "a_b"})
  void what_is_written_is_read(String host) {
    JoinLine line = new JoinLine(host, 65535, "8e1c20f7", SECRET, FINGERPRINT);

    JoinLine read = JoinLine.parse(line.text());

    assertThat(read.host()).isEqualTo(host.toLowerCase(Locale.ROOT));
    assertThat(read.port()).isEqualTo(65535);
    assertThat(read.tokenId()).isEqualTo("8e1c20f7");
    assertThat(read.token()).isEqualTo(line.token());
    assertThat(read.fingerprint()).isEqualTo(FINGERPRINT);
  }

  @Test
  void what_copying_does_to_a_line_does_no_harm() {
    String text = LINE.text();

    for (String copied :
        new String[] {
          "  " + text + "\r\n",
          "rp-client join " + text,
          "'" + text + "'",
          text.toUpperCase(Locale.ROOT),
          text.substring(0, 60) + "\n    " + text.substring(60)
        }) {
      assertThat(JoinLine.parse(copied).text()).isEqualTo(text);
    }
  }

  /** CRC-32 finds each error of one character. */
  @Property(tries = 300)
  void a_line_with_another_character_is_not_taken(
      @ForAll @IntRange(min = 0, max = 141) int place,
      @ForAll @CharRange(from = '!', to = '~') char other) {
    var text = new StringBuilder(LINE.text());
    if (Character.toLowerCase(other) == text.charAt(place) || other == '"' || other == '\'') {
      return;
    }
    text.setCharAt(place, other);

    assertThatThrownBy(() -> JoinLine.parse(text.toString()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void an_altered_line_is_told_from_half_a_line_and_from_a_newer_one() {
    String text = LINE.text();

    assertThatThrownBy(() -> JoinLine.parse(text.replace("1234/", "1235/")))
        .hasMessageStartingWith("the join line was altered (its checksum is wrong): ");
    assertThatThrownBy(() -> JoinLine.parse(text.substring(0, 90)))
        .hasMessageStartingWith("this is no join line, or not all of it: ");
    assertThatThrownBy(() -> JoinLine.parse(text.replace("rpj1", "rpj2")))
        .hasMessageStartingWith("the join line is of another version of RestPipe: ");
    assertThatThrownBy(() -> JoinLine.parse(""))
        .hasMessageStartingWith("this is no join line, or not all of it: ");
    assertThatThrownBy(() -> JoinLine.parse("x".repeat(1001)))
        .hasMessageStartingWith("the join line is longer than 1000 characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "a b", "h\u00fcb", "a:b/c"})
  void a_host_that_is_none_is_refused(String host) {
    assertThatThrownBy(() -> new JoinLine(host, 1, "8e1c20f7", SECRET, FINGERPRINT))
        .hasMessage("no join line can be made for the host \"" + host + "\"");
  }

  @Test
  void a_line_knows_its_authority() {
    X509Certificate authority = Pem.readCertificates(PemTest.FILES.resolve("ec-ca.crt.pem")).get(0);
    X509Certificate other = Pem.readCertificates(PemTest.FILES.resolve("rsa-ca.crt.pem")).get(0);
    JoinLine line = new JoinLine("hub", 1, "8e1c20f7", SECRET, JoinLine.fingerprint(authority));

    assertThat(line.isOf(authority)).isTrue();
    assertThat(line.isOf(other)).isFalse();
  }
}

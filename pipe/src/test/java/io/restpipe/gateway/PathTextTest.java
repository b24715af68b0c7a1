package io.restpipe.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PathTextTest {

  @Property
  void what_was_escaped_is_what_is_read(@ForAll("texts") String text) {
    var escaped = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = b >= 'a' && b <= 'z' || b == '+';
      escaped.append(plain ? String.valueOf((char) b) : String.format("%%%02x", b & 0xff));
    }

    assertThat(PathText.decode(escaped.toString(), 0, escaped.length())).isEqualTo(text);
  }

  @Property
  void any_bytes_are_read_or_refused(@ForAll("bytes") String path) {
    assertThatCode(
            () -> {
              try {
                PathText.decode(path, 0, path.length());
              } catch (ProblemException refused) {
                assertThat(refused.problem().status()).isEqualTo(400);
              }
            })
        .doesNotThrowAnyException();
  }

  @Provide
  Arbitrary<String> texts() {
    // Half a surrogate pair is not text.
    return Arbitraries.strings()
        .ofMaxLength(40)
        .filter(text -> StandardCharsets.UTF_8.newEncoder().canEncode(text));
  }

  @Provide
  Arbitrary<String> bytes() {
    return Arbitraries.strings().withChars("%%%%0123456789abcdefABCDEFxyz/\u00c3\u00a4\u00ff");
  }
}

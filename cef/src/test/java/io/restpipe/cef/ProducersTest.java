package io.restpipe.cef;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Lines as other products write them; the cases are in {@code lines/producers.txt}. */
class ProducersTest {

  static Stream<Arguments> cases() {
    return Arrays.stream(file().split("\n## "))
        .skip(1)
        .map(text -> text.split("\n"))
        .map(lines -> Arguments.of(lines[0], characters(lines[1]), characters(lines[2])));
  }

  private static String file() {
    try (InputStream in = ProducersTest.class.getResourceAsStream("/lines/producers.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String characters(String text) {
    return text.replace('␉', '\t').replace('␊', '\n').replace('␍', '\r');
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void lenient_reads(String producer, String line, String writtenAnew) {
    assertThat(CefParser.lenient().parse(line)).hasToString(writtenAnew);
  }
}

package io.restpipe.cef;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for any event, above all those that somebody makes to forge another. */
class CefLawsTest {

  private static final CefFormatter FORMATTER =
      CefFormatter.builder().maxBytes(CefFormatter.LARGEST_MAX_BYTES).build();

  @Provide
  Arbitrary<String> evil() {
    Arbitrary<String> pieces =
        Arbitraries.oneOf(
            Arbitraries.of(
                "\n",
                "\r",
                "\\",
                "|",
                "=",
                " ",
                "\\n",
                "\\\\",
                "\u0000",
                "\u2028",
                "\u0085",
                "\t",
                " suser=root",
                "\nCEF:0|a|b|c|d|e|1|",
                "\ud800",
                "\udc00",
                "\ud83d\ude00",
                "x"),
            Arbitraries.chars().all().map(String::valueOf));
    return pieces.list().ofMaxSize(12).map(list -> String.join("", list));
  }

  @Provide
  Arbitrary<CefEvent> events() {
    Arbitrary<String> header = evil().filter(text -> !Text.header(text).isEmpty());
    Arbitrary<String> short31 = evil().map(text -> text.substring(0, Math.min(20, text.length())));
    Arbitrary<String> keys =
        Arbitraries.strings()
            .withChars("ab_.[]-0")
            .ofMinLength(1)
            .ofMaxLength(8)
            .filter(Text::isKey);
    Arbitrary<CefDevice> devices =
        Combinators.combine(short31, short31, short31).as(CefDevice::new);
    return Combinators.combine(devices, header, header, Arbitraries.maps(keys, evil()).ofMaxSize(6))
        .as(CefLawsTest::event);
  }

  private static CefEvent event(
      CefDevice device, String signature, String name, Map<String, String> extras) {
    var builder = CefEvent.builder(device, signature, name, CefSeverity.of(3));
    extras.forEach(builder::extra);
    return builder.build();
  }

  @Property
  void what_is_written_is_read_back_the_same(@ForAll("events") CefEvent event) {
    byte[] line = FORMATTER.bytes(event);

    assertThat(CefParser.strict().parseLine(line).event()).isEqualTo(event);
    assertThat(CefParser.lenient().parseLine(line).event()).isEqualTo(event);
  }

  @Property
  void what_is_written_is_one_line_of_printable_text(@ForAll("events") CefEvent event) {
    String line = new String(FORMATTER.bytes(event), StandardCharsets.UTF_8);

    assertThat(line.chars().filter(c -> c != '\t' && Character.getType(c) == Character.CONTROL))
        .isEmpty();
    assertThat(line).doesNotContain("\n", "\r", "\u2028", "\u2029", "\u0085");
    assertThat(line.lines()).hasSize(1);
  }

  @Property
  void no_text_makes_a_key_or_a_field_of_the_header(
      @ForAll("evil") String user, @ForAll("evil") String agent) {
    var device = new CefDevice("v", "p", "1");
    CefEvent event =
        CefEvent.builder(device, "s", "n", CefSeverity.LOW)
            .set(CefKeys.SUSER, user)
            .customString(1, "agent", agent)
            .build();

    CefEvent read = CefParser.lenient().parse(FORMATTER.format(event));

    assertThat(read.extensions().keySet()).containsExactly("suser", "cs1Label", "cs1");
    assertThat(read.device()).isEqualTo(device);
    assertThat(List.of(read.signature(), read.name())).containsExactly("s", "n");
  }

  @Property
  void a_limit_is_kept_and_drops_whole_extensions_only(@ForAll("events") CefEvent event) {
    var formatter = CefFormatter.builder().maxBytes(CefFormatter.LEAST_MAX_BYTES).build();
    var long1 = new LinkedHashMap<>(event.extensions());
    long1.replaceAll((key, value) -> value + "=\u00e4".repeat(60));
    CefEvent longer = event(event.device(), event.signature(), event.name(), long1);

    byte[] line = formatter.bytes(longer);

    assertThat(line.length).isLessThanOrEqualTo(CefFormatter.LEAST_MAX_BYTES);
    assertThat(longer.extensions().entrySet())
        .containsAll(CefParser.strict().parseLine(line).event().extensions().entrySet());
  }

  @Property
  void the_lenient_parser_reads_or_refuses_anything_and_never_fails_otherwise(
      @ForAll("evil") String before, @ForAll("evil") String after) {
    String line = before + "CEF:0|v|p|1|s|n|1|" + after;

    CefEvent read = CefParser.lenient().parse(line);

    assertThat(CefParser.strict().parse(FORMATTER.format(read)).extensions().keySet())
        .isEqualTo(read.extensions().keySet());
  }
}

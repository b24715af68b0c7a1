package io.restpipe.cef;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CefParserTest {

  private static final String HEADER = "CEF:0|security|threatmanager|1.0|100|stopped|10|";

  private static Map<String, String> lenient(String extension) {
    return CefParser.lenient().parse(HEADER + extension).extensions();
  }

  private static Map<String, String> strict(String extension) {
    return CefParser.strict().parse(HEADER + extension).extensions();
  }

  private static AbstractThrowableAssert<?, ?> refused(String line, int position) {
    return assertThatThrownBy(() -> CefParser.strict().parse(line))
        .asInstanceOf(type(CefParseException.class))
        .satisfies(e -> assertThat(e.position()).isEqualTo(position))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.THROWABLE);
  }

  @Test
  void reads_header_and_extension() {
    CefLine line =
        CefParser.strict().parseLine("CEF:1|a\\|b|c\\\\|1=2|s|n|Very-High|src=10.0.0.1 x=");

    assertThat(line.version()).isEqualTo(1);
    assertThat(line.prefix()).isNull();
    assertThat(line.event().device()).isEqualTo(new CefDevice("a|b", "c\\", "1=2"));
    assertThat(line.event().signature()).isEqualTo("s");
    assertThat(line.event().name()).isEqualTo("n");
    assertThat(line.event().severity()).isEqualTo(CefSeverity.VERY_HIGH);
    assertThat(line.event().extensions()).containsExactly(entry("src", "10.0.0.1"), entry("x", ""));
  }

  @Test
  void reads_an_event_without_extension_and_with_empty_fields() {
    assertThat(strict("")).isEmpty();
    assertThat(strict("  ")).isEmpty();
    assertThat(CefParser.strict().parse("CEF:0|||1.0|||5|").name()).isEmpty();
    assertThat(CefParser.lenient().parse("CEF:0|||||||a=").extensions())
        .containsExactly(entry("a", ""));
  }

  @Test
  void reads_values_with_blanks_and_keeps_those_before_the_next_key() {
    assertThat(strict(" filePath=/user/my file name.txt  next= last=x  "))
        .containsExactly(
            entry("filePath", "/user/my file name.txt "), entry("next", ""), entry("last", "x"));
  }

  @Test
  void reads_escapes_of_values() {
    assertThat(strict("msg=a\\=b\\\\c\\nd\\re x=c\\\\d\\=z"))
        .containsExactly(entry("msg", "a=b\\c\nd\re"), entry("x", "c\\d=z"));
  }

  @Test
  void reads_keys_with_dots_and_brackets() {
    assertThat(strict("additional.dotfield=a ad.field[0]=b ad.name[1].sub-x=c _k=d"))
        .containsOnlyKeys("additional.dotfield", "ad.field[0]", "ad.name[1].sub-x", "_k");
  }

  @Test
  void lenient_takes_equals_signs_without_escape_as_text_unless_a_key_is_before_them() {
    assertThat(lenient("moo=this =has = equals\\="))
        .containsExactly(entry("moo", "this =has = equals="));
    assertThat(lenient("request=https://e.org/?a=b&c=d dst=1.1.1.1"))
        .containsExactly(entry("request", "https://e.org/?a=b&c=d"), entry("dst", "1.1.1.1"));
    assertThat(lenient("a=b=c")).containsExactly(entry("a", "b=c"));
    assertThat(lenient("ua='Foo; =Email:u@e.org; Guid:test=' cs1= cs1Label=Foo Bar"))
        .containsExactly(
            entry("ua", "'Foo; =Email:u@e.org; Guid:test='"),
            entry("cs1", ""),
            entry("cs1Label", "Foo Bar"));
  }

  @Test
  void lenient_keeps_backslashes_that_escape_nothing() {
    assertThat(lenient("moo=this\\|has C:\\temp\\"))
        .containsExactly(entry("moo", "this\\|has C:\\temp\\"));
  }

  @Test
  void lenient_reads_what_other_producers_write() {
    assertThat(lenient("msg=Tabs\tand\rcontrol\ncharacters\t src=127.0.0.1\r\n"))
        .containsExactly(
            entry("msg", "Tabs\tand\rcontrol\ncharacters\t"), entry("src", "127.0.0.1"));
    assertThat(lenient("a=1 a=2")).containsExactly(entry("a", "2"));
    assertThat(lenient("some words src=1.1.1.1"))
        .containsExactly(entry("msg", "some words"), entry("src", "1.1.1.1"));
    assertThat(lenient("ad.Error_,Code=5")).containsExactly(entry("ad.Error_,Code", "5"));
    assertThat(CefParser.lenient().parse("x CEF:26|v|p|1|s|n|Fatal|a=b").severity())
        .hasToString("Fatal");
    assertThat(CefParser.lenient().parse("CEF:0|v|p|1|s|n|5").severity())
        .isEqualTo(CefSeverity.of(5));
  }

  @Test
  void gives_values_by_their_long_name_too() {
    CefEvent event = CefParser.lenient().parse(HEADER + "sourcePort=22 rt=Sep 07 2018 14:50:39");

    assertThat(event.get(CefKeys.SPT)).contains(22L);
    assertThat(event.get(CefKeys.RT)).contains(Instant.parse("2018-09-07T14:50:39Z"));
  }

  @Test
  void typed_values_may_have_blanks_around_them_and_empty_ones_are_none() {
    CefEvent event = CefParser.lenient().parse(HEADER + "src=10.0.0.1  spt=  dpt=22  in= msg=");

    assertThat(event.get(CefKeys.SRC).map(InetAddress::getHostAddress)).contains("10.0.0.1");
    assertThat(event.get(CefKeys.SPT)).isEmpty();
    assertThat(event.get(CefKeys.DPT)).contains(22L);
    assertThat(event.get(CefKeys.IN)).isEmpty();
    assertThat(event.get(CefKeys.MSG)).contains("");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-21T07:18:24.123Z",
    "2026-11-21T08:18:24.123+01:00",
    "2026-11-21T08:18:24.123+0100",
    "2026-11-21T12:48:24.123 IST",
    "2026-11-21 07:18:24.123",
    "\"2026-11-21T07:18:24.123Z\"",
    "\"Nov 21 2026 07:18:24.123\"",
    "1795245504123",
  })
  void times_may_have_other_forms_than_those_of_the_standard(String text) {
    CefEvent event =
        CefParser.strict()
            .parse(HEADER + "rt=" + text + " start=2026-11-21T07:18Z end=Sat Nov  7 07:18:24 2026");

    assertThat(event.get(CefKeys.RT)).contains(Instant.parse("2026-11-21T07:18:24.123Z"));
    assertThat(event.get(CefKeys.START)).contains(Instant.parse("2026-11-21T07:18:00Z"));
    assertThat(event.get(CefKeys.END)).contains(Instant.parse("2026-11-07T07:18:24Z"));
  }

  @Test
  void a_time_without_zone_is_of_the_zone_of_the_device() {
    String times = "start=Nov 21 2026 08:18:24 end=2026-11-21T08:18:24 art=Nov 21 2026 08:18:24";

    CefEvent event = CefParser.strict().parse(HEADER + times + " dtz=Europe/Berlin");
    CefEvent elsewhere = CefParser.strict().parse(HEADER + times + " dtz=the hall");

    Instant time = Instant.parse("2026-11-21T07:18:24Z");
    assertThat(event.get(CefKeys.START)).contains(time);
    assertThat(event.get(CefKeys.END)).contains(time);
    assertThat(event.get(CefKeys.ART)).contains(time.plusSeconds(3600));
    assertThat(elsewhere.get(CefKeys.START)).contains(time.plusSeconds(3600));
  }

  @Test
  void a_value_that_is_not_of_its_type_is_told() {
    CefEvent event =
        CefParser.strict()
            .parse(HEADER + "rt=2026-13-21T07:18:24Z start=2026-11 end=2026-11-21T07:18Q src=-");

    assertThatThrownBy(() -> event.get(CefKeys.RT)).hasMessageContaining("no such time");
    assertThatThrownBy(() -> event.get(CefKeys.START)).hasMessageContaining("must be");
    assertThatThrownBy(() -> event.get(CefKeys.END)).hasMessageContaining("no such time");
    assertThatThrownBy(() -> event.get(CefKeys.SRC)).hasMessageContaining("no IP address");
  }

  @Test
  void other_types_than_text_may_stand_in_quotes() {
    CefEvent event =
        CefParser.strict()
            .parse(HEADER + "src=\"192.0.2.7\" spt= \"22\" smac=\"00:0d:60:af:1b:61\" msg=\"a\"");

    assertThat(event.get(CefKeys.SRC).map(InetAddress::getHostAddress)).contains("192.0.2.7");
    assertThat(event.get(CefKeys.SPT)).contains(22L);
    assertThat(event.get(CefKeys.SMAC)).contains("00:0d:60:af:1b:61");
    assertThat(event.get(CefKeys.MSG)).contains("\"a\"");
  }

  @Test
  void strict_takes_an_empty_vendor_as_one() {
    refused("CEF:0||Vendor A|FW|1|Log|https|Unknown|act=Drop", 25).hasMessageContaining("severity");
    assertThat(CefParser.lenient().parse("CEF:0||FW|1|Log|https|Unknown|act=5|x").device())
        .isEqualTo(new CefDevice("", "FW", "1"));
  }

  @Test
  void strict_refuses_a_header_that_is_cut_short() {
    refused("CEF:0|a|b|x=1 y=2", 10).hasMessageContaining("device version");
    refused("CEF:0|a|b|1|2|n|x=1", 16).hasMessageContaining("severity");
    assertThatThrownBy(() -> CefParser.lenient().parse("CEF:0|a|b|no keys"))
        .hasMessageContaining("device version");
  }

  @Test
  void strict_says_where_a_line_leaves_the_standard() {
    refused("nothing", 0).hasMessageContaining("CEF:");
    refused("CEF:0|a|b|c|d", 12).hasMessageContaining("signature");
    refused("CEF:0|a\\b|c|d|e|f|1|", 7).hasMessageContaining("backslash");
    refused("CEF:0|a|b|c|d|e|11|", 16).hasMessageContaining("severity");
    refused("CEF:0|a|b|c|d|e|f", 16).hasMessageContaining("severity");
    refused("CEF:0|a|b|c|d\ne|f|1|", 13).hasMessageContaining("control");
    refused(HEADER + "a=b=c", HEADER.length() + 3).hasMessageContaining("equals");
    refused(HEADER + "a=b\\ c=d", HEADER.length() + 3).hasMessageContaining("backslash");
    refused(HEADER + "a=b\\c", HEADER.length() + 3).hasMessageContaining("backslash");
    refused(HEADER + "a=b\nc=d", HEADER.length() + 5).hasMessageContaining("equals");
    refused(HEADER + "a=b\nc", HEADER.length() + 3).hasMessageContaining("control");
    refused(HEADER + "a=1 a=2", HEADER.length() + 4).hasMessageContaining("second time");
    refused(HEADER + "words", HEADER.length()).hasMessageContaining("key");
    refused("what is this CEF:0|a|b|c|d|e|1|", 0).hasMessageContaining("syslog");
  }

  @Test
  void strict_refuses_bytes_that_are_not_utf_8_and_lenient_replaces_them() {
    byte[] line = (HEADER + "a=\u00e4").getBytes(StandardCharsets.ISO_8859_1);

    assertThatThrownBy(() -> CefParser.strict().parseLine(line)).hasMessageContaining("UTF-8");
    assertThat(CefParser.lenient().parseLine(line).event().text("a")).contains("\ufffd");
  }

  @Test
  void reads_the_header_of_rfc_3164() {
    Instant now = Instant.parse("2026-11-21T00:00:00Z");

    SyslogPrefix prefix =
        CefParser.strict().parseLine("<134>Nov  2 07:18:24 host rp[12]: " + HEADER).prefix();

    assertThat(prefix.isRfc5424()).isFalse();
    assertThat(prefix.priority()).hasValue(134);
    assertThat(prefix.time(ZoneOffset.UTC, now)).contains(Instant.parse("2026-11-02T07:18:24Z"));
    assertThat(prefix.host()).contains("host");
    assertThat(prefix.application()).contains("rp");
    assertThat(prefix.processId()).contains("12");

    SyslogPrefix bare = CefParser.strict().parseLine("Sep 19 08:26:10 zurich " + HEADER).prefix();
    assertThat(bare.host()).contains("zurich");
    assertThat(bare.priority()).isEmpty();
    assertThat(bare.application()).isEmpty();
  }

  @Test
  void reads_the_header_of_rfc_5424() {
    String line = "<134>1 2026-11-21T07:18:24.5+01:00 host rp 12 ID [a@1 b=\"c]\"] \ufeff" + HEADER;

    SyslogPrefix prefix = CefParser.strict().parseLine(line).prefix();

    assertThat(prefix.isRfc5424()).isTrue();
    assertThat(prefix.time(ZoneOffset.UTC, Instant.EPOCH))
        .contains(Instant.parse("2026-11-21T06:18:24.5Z"));
    assertThat(prefix.host()).contains("host");
    assertThat(prefix.application()).contains("rp");
    assertThat(CefParser.strict().parseLine("<14>1 - - - - - - " + HEADER).prefix().host())
        .isEmpty();
  }

  @Test
  void reads_headers_of_syslog_behind_a_count_of_octets() {
    String older = "83 <134>Nov 2 07:18:24 host rp: " + HEADER;
    String newer = "120 <134>1 - host rp - - [a@1 b=\"CEF:0|x|y|1|2|fake|9|\"] " + HEADER;

    assertThat(CefParser.strict().parseLine(older).prefix().host()).contains("host");
    assertThat(CefParser.strict().parseLine(older).prefix().time(ZoneOffset.UTC, Instant.EPOCH))
        .contains(Instant.parse("1969-11-02T07:18:24Z"));
    assertThat(CefParser.strict().parseLine(newer).prefix().isRfc5424()).isTrue();
    assertThat(CefParser.strict().parseLine(newer).event().name()).isEqualTo("stopped");
  }

  @Test
  void a_scope_of_another_machine_is_no_part_of_the_address() throws Exception {
    assertThat(CefParser.strict().parse(HEADER + "c6a2=fe80::1%eth0.4-x").get(CefKeys.C6A2))
        .contains(InetAddress.getByName("fe80::1"));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        // With a zone.
        "Nov 21 2026 12:48:24.500 IST 192.0.2.8 , 2026-11-21T07:18:24.500Z, 192.0.2.8, none",
        // A version of RFC 5424, and no more of it than time and host.
        "<5>1 2026-11-21T07:18:24Z vault1 , 2026-11-21T07:18:24Z, vault1, none",
        "<134>1 Nov 21 07:18:24 idp.example , 2026-11-21T07:18:24Z, idp.example, none",
        // No host.
        "Nov 21 07:18:24 , 2026-11-21T07:18:24Z, none, none",
        "2026-11-21T08:18:24.5+01:00 , 2026-11-21T07:18:24.500Z, none, none",
        // A tag without its colon, or with more before it.
        "Nov 21 07:18:24 waf.example logger[9] , 2026-11-21T07:18:24Z, waf.example, logger",
        "<13>Nov 21 07:18:24 brain1 detect_cef -: , 2026-11-21T07:18:24Z, brain1, detect_cef",
        // RFC 5424 without version, priority or structured data.
        "<134>2026-11-21T07:18:24Z adc1 fw 12 id - , 2026-11-21T07:18:24Z, adc1, fw",
        "2026-11-21T07:18:24Z fw1 agent 8 - - , 2026-11-21T07:18:24Z, fw1, agent",
        "<14>1 2026-11-21T07:18:24Z fw1 agent 8 - , 2026-11-21T07:18:24Z, fw1, agent",
        // A relay's header before the device's.
        "Nov 21 09:00:00 relay 446 <14>1 2026-11-21T07:18:24Z fw1 fwd - logs - ,"
            + " 2026-11-21T07:18:24Z, fw1, fwd",
        "relay[-]: <161>Nov 21 07:18:24 192.0.2.9 fe-12.alert: ,"
            + " 2026-11-21T07:18:24Z, 192.0.2.9, fe-12.alert",
      })
  void lenient_reads_headers_that_come_near_to_those_of_syslog(
      String header, Instant time, String host, String tag) {
    Instant now = Instant.parse("2026-11-22T00:00:00Z");
    String line = header + " " + HEADER;

    SyslogPrefix prefix = CefParser.lenient().parseLine(line).prefix();

    assertThat(prefix.isSyslog()).isTrue();
    assertThat(prefix.text()).isEqualTo(header + " ");
    assertThat(prefix.time(ZoneOffset.UTC, now)).contains(time);
    assertThat(prefix.host()).isEqualTo(Optional.ofNullable(host));
    assertThat(prefix.application()).isEqualTo(Optional.ofNullable(tag));
    refused(line, 0).hasMessageContaining("syslog");
  }

  @Test
  void lenient_keeps_any_other_prefix_as_text() {
    SyslogPrefix prefix = CefParser.lenient().parseLine("<999>what: ever " + HEADER).prefix();

    assertThat(prefix.isSyslog()).isFalse();
    assertThat(prefix.text()).isEqualTo("<999>what: ever ");
    assertThat(prefix.host()).isEmpty();
  }
}

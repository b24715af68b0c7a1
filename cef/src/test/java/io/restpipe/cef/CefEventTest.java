package io.restpipe.cef;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CefEventTest {

  private static final CefDevice DEVICE = new CefDevice("RestPipe", "server", "1.0");

  private static CefEvent.Builder event() {
    return CefEvent.builder(DEVICE, "AuthFail", "Login failed", CefSeverity.of(5));
  }

  @Test
  void keeps_what_was_set_in_its_type_and_its_order() throws Exception {
    CefEvent event =
        event()
            .set(CefKeys.SRC, InetAddress.getByName("192.0.2.1"))
            .set(CefKeys.SPT, 40_001)
            .set(CefKeys.RT, Instant.ofEpochMilli(1_795_245_504_123L))
            .set(CefKeys.SUSER, "ann")
            .build();

    assertThat(event.get(CefKeys.SRC)).contains(InetAddress.getByName("192.0.2.1"));
    assertThat(event.get(CefKeys.SPT)).contains(40_001L);
    assertThat(event.get(CefKeys.RT)).contains(Instant.ofEpochMilli(1_795_245_504_123L));
    assertThat(event.get(CefKeys.DUSER)).isEmpty();
    assertThat(event.extensions().keySet()).containsExactly("src", "spt", "rt", "suser");
  }

  @Test
  void sets_a_custom_value_together_with_its_label() throws Exception {
    CefEvent event =
        event()
            .customString(1, "token", "t-1")
            .customNumber(2, "tries", 3)
            .customFloat(3, "load", 0.5)
            .customIpv6(4, "via", InetAddress.getByName("2001:db8:0:0:1:0:0:1"))
            .customDate(1, "until", Instant.ofEpochMilli(5))
            .flexString(2, "site", "north")
            .flexNumber(1, "rack", 12)
            .flexDate("since", Instant.ofEpochMilli(6))
            .build();

    assertThat(event)
        .hasToString(
            "CEF:0|RestPipe|server|1.0|AuthFail|Login failed|5|"
                + "cs1Label=token cs1=t-1 cn2Label=tries cn2=3 cfp3Label=load cfp3=0.5"
                + " c6a4Label=via c6a4=2001:db8::1:0:0:1"
                + " deviceCustomDate1Label=until deviceCustomDate1=5"
                + " flexString2Label=site flexString2=north flexNumber1Label=rack flexNumber1=12"
                + " flexDate1Label=since flexDate1=6");
  }

  @Test
  void refuses_a_custom_value_without_label() {
    assertThatThrownBy(() -> event().set(CefKeys.CS1, "x")).hasMessageContaining("label");
    assertThatThrownBy(() -> event().customString(1, " ", "x")).hasMessageContaining("label");
    assertThatThrownBy(() -> event().customString(7, "a", "x")).hasMessageContaining("cs1 to 6");
    assertThatThrownBy(() -> event().extra("cn1", "5").build()).hasMessageContaining("cn1Label");
  }

  @Test
  void refuses_values_that_are_not_of_the_type() throws Exception {
    var ipv4 = InetAddress.getByName("192.0.2.1");

    assertThatThrownBy(() -> event().set(CefKeys.DPT, 70_000)).hasMessageContaining("port");
    assertThatThrownBy(() -> event().set(CefKeys.CNT, 1L << 40)).hasMessageContaining("32 bits");
    assertThatThrownBy(() -> event().customIpv6(1, "via", ipv4)).hasMessageContaining("IPv6");
    assertThatThrownBy(() -> event().set(CefKeys.SMAC, "00-11")).hasMessageContaining("colons");
    assertThatThrownBy(() -> event().customFloat(1, "load", Double.NaN))
        .hasMessageContaining("finite");
    assertThatThrownBy(() -> event().extra("src", "example.org"))
        .hasMessageContaining("IPv4 address");
    assertThatThrownBy(() -> event().extra("rt", "2026-11-21T07:18:24Z"))
        .hasMessageContaining("Time stamp");
    assertThatThrownBy(() -> event().extra("spt", "\"22\"")).hasMessageContaining("Integer");
    assertThatThrownBy(() -> event().set(CefKeys.RT, Instant.MAX)).hasMessageContaining("1970");
  }

  @Test
  void refuses_keys_that_cannot_be_written() {
    for (String key : new String[] {"", " ", "a b", "a=b", "ä", "a\n", "-a", ".a", "a|b"}) {
      assertThatThrownBy(() -> event().extra(key, "x"))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(event().extra("ad.field[0].sub-name_1", "x").build().text("ad.field[0].sub-name_1"))
        .contains("x");
  }

  @Test
  void leaves_keys_of_consumers_to_consumers() {
    assertThatThrownBy(() -> event().set(CefKeys.AHOST, "c1")).hasMessageContaining("asConsumer");
    assertThatThrownBy(() -> event().extra("ahost", "c1")).hasMessageContaining("asConsumer");

    assertThat(event().asConsumer().set(CefKeys.AHOST, "c1").build().get(CefKeys.AHOST))
        .contains("c1");
  }

  @Test
  void cleans_text_from_outside() {
    CefEvent event =
        CefEvent.builder(DEVICE, "Sig\r\nCEF:0|", " Name\u0000\u001b[31m ", CefSeverity.LOW)
            .set(CefKeys.MSG, "  one\ntwo\u0007\u2028\u202e\ud800 \u0085x\t. \r\n")
            .build();

    assertThat(event.signature()).isEqualTo("Sig  CEF:0|");
    assertThat(event.name()).isEqualTo("Name\ufffd\ufffd[31m");
    assertThat(event.get(CefKeys.MSG)).contains("one\ntwo\ufffd\ufffd\ufffd\ufffd \ufffdx\t.");
  }

  @Test
  void cuts_text_at_the_length_of_the_dictionary_between_characters() {
    String pairs = "\ud83d\ude00".repeat(20);

    CefEvent event = event().set(CefKeys.PROTO, pairs).build();

    assertThat(event.get(CefKeys.PROTO)).contains("\ud83d\ude00".repeat(15));
  }

  @Test
  void refuses_a_device_with_long_names_and_an_event_without_name() {
    var device = new CefDevice("v".repeat(64), "p", "1");

    assertThatThrownBy(() -> CefEvent.builder(device, "s", "n", CefSeverity.LOW))
        .hasMessage("device vendor has 64 characters: may have 63");
    assertThatThrownBy(() -> CefEvent.builder(DEVICE, "s", "\n", CefSeverity.LOW))
        .hasMessageContaining("name is blank");
  }

  @Test
  void equals_an_event_of_the_same_content() {
    CefEvent one = event().set(CefKeys.SUSER, "ann").build();
    CefEvent same = event().set(CefKeys.SUSER, "bob").set(CefKeys.SUSER, "ann").build();

    assertThat(one).isEqualTo(same).hasSameHashCodeAs(same);
    assertThat(one).isNotEqualTo(event().build());
  }
}

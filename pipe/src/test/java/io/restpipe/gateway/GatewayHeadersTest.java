package io.restpipe.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.event.Body;
import io.restpipe.event.Event;
import io.restpipe.event.Headers;
import io.restpipe.event.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayHeadersTest {

  private TestGateway gateway;

  @BeforeEach
  void start() throws Exception {
    gateway = TestGateway.start(setup -> setup.options.eventTimeout(Duration.ofSeconds(20)));
    gateway.peers.reply(event -> Reply.of(0, "text/plain", Body.of("hello")));
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private RawCaller.Response call(String headers) throws Exception {
    try (RawCaller caller = gateway.connect()) {
      caller.send("GET /client/c/time HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n");
      return caller.response();
    }
  }

  private Event eventOf(String headers) throws Exception {
    assertThat(call(headers).status()).isEqualTo(200);
    return gateway.peers.onlyEvent();
  }

  @Test
  void end_to_end_headers_travel_in_order_with_their_case_and_repeats() throws Exception {
    Event event = eventOf("Accept: a/b\r\nX-Many: 1\r\nuser-agent: t\r\nX-Many: 2\r\n");

    var fields = new ArrayList<String>();
    event.headers().forEach((name, value) -> fields.add(name + "=" + value));
    assertThat(fields)
        .containsExactly(
            "Accept=a/b", "X-Many=1", "user-agent=t", "X-Many=2", "X-Forwarded-For=127.0.0.1");
  }

  @Test
  void headers_about_the_connection_or_for_the_gateway_stay_behind() throws Exception {
    Event event =
        eventOf(
            "Connection: keep-alive, X-Mine\r\nX-Mine: 1\r\nKeep-Alive: 1\r\nTE: trailers\r\n"
                + "Upgrade: h2c\r\nProxy-Authorization: secret\r\nAuthorization: secret\r\n"
                + "Cookie: secret\r\nIdempotency-Key: k\r\nX-Event-Timeout: 1\r\n"
                + "Content-Length: 0\r\n");

    assertThat(event.headers().size()).isEqualTo(1);
    assertThat(event.headers().first("X-Forwarded-For")).hasValue("127.0.0.1");
  }

  @Test
  void forwarded_headers_are_noted_with_the_direct_peer_appended() throws Exception {
    Event event =
        eventOf(
            "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\n"
                + "X-Forwarded-Host: example.org\r\nX-Forwarded-For: 192.0.2.2\r\n");

    assertThat(event.headers().all("X-Forwarded-For"))
        .containsExactly("192.0.2.1, 192.0.2.2, 127.0.0.1");
    assertThat(event.headers().first("X-Forwarded-Proto")).hasValue("https");
    assertThat(event.headers().first("X-Forwarded-Host")).hasValue("example.org");
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, application/json",
    "text/plain; charset=utf-8, text/plain",
    "text/plain ;a=b;c=d, text/plain",
    "Weird/Type, Weird/Type",
  })
  void the_media_type_is_the_content_type_up_to_its_parameters(String sent, String mimeType)
      throws Exception {
    Event event = eventOf("Content-Type: " + sent + "\r\n");

    assertThat(event.mimeType()).isEqualTo(mimeType);
    assertThat(event.headers().first("Content-Type")).hasValue(sent);
  }

  @Test
  void an_idempotency_key_is_the_id_of_the_event() throws Exception {
    RawCaller.Response response = call("Idempotency-Key: order 17\r\n");

    assertThat(response.header("X-Event-Id")).isEqualTo("order 17");
    assertThat(gateway.peers.onlyEvent().id()).hasValue("order 17");
  }

  @Test
  void ids_differ_and_can_be_written_anywhere() throws Exception {
    String first = call("").header("X-Event-Id");
    String second = call("").header("X-Event-Id");

    assertThat(first).matches("[0-9a-z]{24}").isNotEqualTo(second);
  }

  @Test
  void a_malformed_idempotency_key_is_400() throws Exception {
    List<String> malformed =
        List.of("", "a\u00e4", "x".repeat(256), "a\r\nIdempotency-Key: b", "tab\there");
    for (String key : malformed) {
      RawCaller.Response response = call("Idempotency-Key: " + key + "\r\n");

      assertThat(response.status()).as(key).isEqualTo(400);
      assertThat(response.body()).contains("1 to 255 printable ASCII characters");
    }
    assertThat(gateway.peers.events).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"2.5, 2500", "0.001, 1", "19, 19000", "20.5, 20000", "999999999, 20000"})
  void a_caller_can_only_shorten_the_timeout(String seconds, long millis) throws Exception {
    Event event = eventOf("X-Event-Timeout: " + seconds + "\r\n");

    assertThat(event.timeout()).hasValue(Duration.ofMillis(millis));
  }

  @Test
  void without_a_wish_the_timeout_is_the_configured_one() throws Exception {
    assertThat(eventOf("").timeout()).hasValue(Duration.ofSeconds(20));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "0.0", "-1", "1e3", "NaN", "two", "1.", ".5", "5s", "1,5", "9999999999"})
  void a_malformed_timeout_is_400(String seconds) throws Exception {
    RawCaller.Response response = call("X-Event-Timeout: " + seconds + "\r\n");

    assertThat(response.status()).isEqualTo(400);
    assertThat(response.body()).contains("X-Event-Timeout must be a number of seconds");
  }

  @Test
  void headers_of_a_reply_reach_the_caller_unless_they_are_the_gateways_to_set() throws Exception {
    Headers replied =
        Headers.of(
            "X-Own",
            "1",
            "x-own",
            "2",
            "Set-Cookie",
            "a=b",
            "Allow",
            "GET, PUT",
            "Connection",
            "X-Gone",
            "X-Gone",
            "1",
            "Transfer-Encoding",
            "chunked",
            "Content-Length",
            "77",
            "Content-Type",
            "text/html",
            "Keep-Alive",
            "1",
            "X-Event-Return-Code",
            "9",
            "X-Event-Id",
            "forged",
            "X-Event-Error",
            "parameters");
    gateway.peers.reply(event -> new Reply(7, "text/plain", replied, Body.of("hello")));

    RawCaller.Response response = call("Idempotency-Key: k\r\n");

    assertThat(response.headers().keySet())
        .containsExactlyInAnyOrder(
            "content-type",
            "x-event-return-code",
            "x-event-id",
            "x-own",
            "set-cookie",
            "allow",
            "date",
            "content-length");
    assertThat(response.header("X-Own")).isEqualTo("1, 2");
    assertThat(response.header("Content-Type")).isEqualTo("text/plain");
    assertThat(response.header("Content-Length")).isEqualTo("5");
    assertThat(response.header("X-Event-Return-Code")).isEqualTo("7");
    assertThat(response.header("X-Event-Id")).isEqualTo("k");
    assertThat(response.header("Allow")).isEqualTo("GET, PUT");
  }

  @Test
  void a_reply_without_a_media_type_uses_its_header() throws Exception {
    gateway.peers.reply(
        event -> new Reply(0, "", Headers.of("Content-Type", "text/html"), Body.of("x")));

    assertThat(call("").header("Content-Type")).isEqualTo("text/html");
  }

  @Test
  void a_reply_cannot_write_headers_of_its_own_making() throws Exception {
    // U+010A and U+010D would be line breaks if only their low bytes were written.
    Headers replied = Headers.of("X-Own", "a\u010d\u010aX-Injected: 1");
    gateway.peers.reply(
        event -> new Reply(0, "text/plain\r\nX-Injected: 2", replied, Body.of("x")));

    RawCaller.Response response = call("");

    assertThat(response.headers()).doesNotContainKey("x-injected");
    assertThat(response.header("Content-Type")).isEqualTo("application/octet-stream");
  }

  @Test
  void a_page_of_another_site_cannot_call_through_a_browser() throws Exception {
    RawCaller.Response response = call("Sec-Fetch-Site: cross-site\r\n");

    assertThat(response.status()).isEqualTo(403);
    assertThat(response.body()).contains("a page of another site");
    assertThat(gateway.peers.events).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "same-origin", "same-site"})
  void a_browser_can_call_for_its_user(String site) throws Exception {
    assertThat(call("Sec-Fetch-Site: " + site + "\r\n").status()).isEqualTo(200);
  }
}

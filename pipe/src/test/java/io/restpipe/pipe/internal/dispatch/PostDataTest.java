package io.restpipe.pipe.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.event.Body;
import io.restpipe.event.Event;
import io.restpipe.event.Exchange.Refusal;
import io.restpipe.event.Headers;
import io.restpipe.event.PostData;
import io.restpipe.event.Reply;
import io.restpipe.event.ReturnCode;
import io.restpipe.event.ServerEventHandler;
import io.restpipe.event.Verb;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class PostDataTest {

  record Order(String item, int count) {}

  interface Reading {
    @Nullable Object read(PostData data) throws Exception;
  }

  private static Event event(String mimeType, Body body) {
    return Event.builder(Verb.PUT, "data").body(mimeType, body).build();
  }

  /** The same bytes as they come from a network: in pieces, on another thread. */
  private static Body streamed(byte[] bytes, long length) {
    return Body.from(
        new ByteArrayInputStream(bytes), length, task -> new Thread(task, "network").start());
  }

  private static Body streamed(String text) {
    return streamed(text.getBytes(StandardCharsets.UTF_8), Body.UNKNOWN_LENGTH);
  }

  private static FakeExchange send(boolean nonBlocking, Event event, Reading reading) {
    var handler = new ServerEventHandler();
    if (nonBlocking) {
      handler.onNonBlocking(Verb.PUT, "data", (context, data) -> reading.read(data));
    } else {
      handler.on(Verb.PUT, "data", (context, data) -> reading.read(data));
    }
    try (var executor = HandlerExecutor.create()) {
      var exchange = new FakeExchange(event);
      Dispatcher.builder(handler, executor).bodyLimit(1000).build().process(exchange);
      exchange.await();
      if (exchange.answer.join() instanceof Reply reply) {
        // The executor ends with this method, so what it streams is read before.
        exchange.text = reply.text();
      }
      return exchange;
    }
  }

  private static String read(String mimeType, String body, Reading reading) {
    String whole = send(false, event(mimeType, Body.of(body)), reading).text;
    for (boolean nonBlocking : List.of(false, true)) {
      assertThat(send(nonBlocking, event(mimeType, streamed(body)), reading).text).isEqualTo(whole);
    }
    return whole;
  }

  @Test
  void bytes_text_and_length_are_as_sent() {
    assertThat(read("text/plain", "größe", PostData::text)).isEqualTo("\"größe\"");
    assertThat(read("text/plain", "größe", data -> data.bytes().length)).isEqualTo("7");
    assertThat(read("text/plain", "", PostData::text)).isEqualTo("\"\"");
    assertThat(send(false, event("a/b", Body.of("abc")), PostData::length).text).isEqualTo("3");
  }

  @Test
  void a_media_type_comes_without_its_parameters() {
    assertThat(read("text/plain ; charset=utf-8", "x", PostData::mimeType))
        .isEqualTo("\"text/plain\"");
    assertThat(read("", "x", PostData::mimeType)).isEqualTo("\"\"");
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain; charset=ISO-8859-1, ISO-8859-1",
    "text/plain;charset=\"utf-16\", UTF-16",
    "text/plain; format=flowed; Charset=iso-8859-15, ISO-8859-15",
    "text/plain, UTF-8",
    "text/plain; charset, UTF-8",
  })
  void text_is_read_in_the_charset_of_the_content_type(String contentType, String charset) {
    byte[] bytes = "größe €".getBytes(Charset.forName(charset));
    String expected = new String(bytes, Charset.forName(charset));
    Event event =
        event("text/plain", Body.of(bytes)).toBuilder()
            .headers(Headers.of("Content-Type", contentType))
            .build();

    assertThat(send(false, event, PostData::text).text).isEqualTo('"' + expected + '"');
    assertThat(send(false, event(contentType, Body.of(bytes)), PostData::text).text)
        .isEqualTo('"' + expected + '"');
  }

  @Test
  void an_unknown_charset_is_the_callers_mistake() {
    var exchange = send(false, event("text/plain; charset=nope", Body.of("x")), PostData::text);

    assertParameters(exchange, "charset is not known: nope");
  }

  @Test
  void json_is_a_tree_or_a_type_of_ones_own() {
    assertThat(read("application/json", "{\"a\":[1,null]}", PostData::json))
        .isEqualTo("{\"a\":[1,null]}");
    assertThat(
            read(
                "application/json",
                "{\"item\":\"x\",\"count\":2,\"more\":1}",
                data -> {
                  Order order = data.json(Order.class);
                  return order.item() + order.count();
                }))
        .isEqualTo("\"x2\"");
    assertThat(read("", "[1]", data -> data.json(JsonNode.class).isArray())).isEqualTo("true");
    assertThat(read("", "", data -> data.json() == null)).isEqualTo("true");
    assertThat(read("", "null", data -> data.json() == null)).isEqualTo("true");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "nul", "{} {}", "[1,]", "{\"count\":\"many\"}", "[]", "", "null"})
  void json_that_does_not_fit_is_the_callers_mistake(String json) {
    var exchange =
        send(false, event("application/json", Body.of(json)), data -> data.json(Order.class));

    assertParameters(exchange, "body is ");
  }

  @Test
  void json_of_great_depth_is_refused_and_not_followed() {
    var exchange = send(false, event("application/json", Body.of("[".repeat(900))), PostData::json);
    var handler = new ServerEventHandler();
    handler.on(Verb.POST, "deep", (context, data) -> data.json());

    assertParameters(exchange, "body is not JSON");
    try (var node = new Dispatching(handler)) {
      assertThat(node.post("deep", "", "[".repeat(1_000_000)).code())
          .isEqualTo(ReturnCode.EXCEPTION);
    }
  }

  private static void assertParameters(FakeExchange exchange, String message) {
    Reply reply = exchange.awaitReply();
    assertThat(reply.code()).isEqualTo(ReturnCode.EXCEPTION);
    assertThat(reply.headers().first("X-Event-Error")).hasValue("parameters");
    assertThat(exchange.text).contains(message, "io.restpipe.event.ParameterException");
  }

  @Test
  void a_stream_is_read_as_it_comes() {
    byte[] bytes = new byte[100_000];
    Event event = event("", streamed(bytes, bytes.length));

    assertThat(send(false, event, data -> data.stream().readAllBytes().length).text)
        .isEqualTo("100000");
  }

  @Test
  void a_body_can_be_sent_back_as_it_is() {
    for (boolean nonBlocking : List.of(false, true)) {
      assertThat(send(nonBlocking, event("", streamed("echo")), PostData::body).text)
          .isEqualTo("echo");
      assertThat(send(nonBlocking, event("", streamed("echo")), PostData::stream).text)
          .isEqualTo("echo");
    }
  }

  @Test
  void what_was_read_once_can_be_asked_for_again_as_bytes_but_a_stream_cannot() {
    assertThat(read("", "[1]", data -> data.text() + data.json() + data.bytes().length))
        .isEqualTo("\"[1][1]3\"");
    var exchange =
        send(
            false,
            event("", streamed("x")),
            data -> {
              data.stream().readAllBytes();
              return data.text();
            });
    assertThat(exchange.text).contains("the body is read already");
  }

  @Test
  void a_body_over_the_limit_is_refused() {
    var big = new byte[1001];
    for (long length : new long[] {1001, Body.UNKNOWN_LENGTH}) {
      for (boolean nonBlocking : List.of(false, true)) {
        var exchange = send(nonBlocking, event("", streamed(big, length)), PostData::bytes);
        assertThat(exchange.awaitRefusal().refusal()).isEqualTo(Refusal.TOO_LARGE);
        assertThat(exchange.awaitRefusal().message()).contains("1000 bytes");
      }
    }
    assertThat(send(false, event("", streamed(new byte[1000], 1000)), PostData::bytes).answered())
        .isTrue();
  }

  @Test
  void a_body_that_breaks_off_fails_the_handler_that_reads_it() {
    Body broken = streamed(new byte[10], 100_000);

    var exchange = send(false, event("", broken), data -> data.stream().readAllBytes().length);

    assertThat(exchange.awaitReply().code()).isEqualTo(ReturnCode.EXCEPTION);
    assertThat(exchange.text).contains("BodyException", "source ended after 10 of 100000 bytes");
  }

  @Test
  void a_small_body_that_breaks_off_before_the_handler_runs_is_refused() {
    var ran = new AtomicBoolean();
    for (boolean nonBlocking : List.of(false, true)) {
      var exchange =
          send(
              nonBlocking,
              event("", streamed(new byte[10], 100)),
              data -> {
                ran.set(true);
                return null;
              });
      assertThat(exchange.awaitRefusal().refusal()).isEqualTo(Refusal.OVERLOADED);
    }
    assertThat(ran).isFalse();
  }

  @Test
  void what_a_handler_leaves_unread_is_given_up() {
    var closed = new AtomicBoolean();
    InputStream in =
        new ByteArrayInputStream(new byte[10_000_000]) {
          @Override
          public void close() {
            closed.set(true);
          }
        };
    Body body = Body.from(in, Body.UNKNOWN_LENGTH, Runnable::run);

    send(false, event("", body), data -> data.stream().read());

    assertThat(closed).isTrue();
  }
}

package io.restpipe.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyTest {

  private static Reply streamed(int size) {
    var in = new ByteArrayInputStream(new byte[size]);
    return Reply.of(0, "", Body.from(in, Body.UNKNOWN_LENGTH, Runnable::run));
  }

  @Test
  void text_is_there_as_often_as_wanted_where_the_body_is_whole() {
    Reply reply = Reply.of(7, "text/plain", Body.of("größe"));

    assertThat(reply.text()).isEqualTo("größe");
    assertThat(reply.text()).isEqualTo("größe");
    assertThat(reply).hasToString("Reply 7 text/plain");
  }

  @Test
  void a_stream_is_collected() {
    assertThat(streamed(100_000).bytes()).hasSize(100_000);
    assertThat(streamed(100_000).aggregate(100_000).join().bytes()).hasSize(100_000);
  }

  @Test
  void a_stream_over_the_limit_fails() {
    Reply reply = streamed(Reply.AGGREGATE_LIMIT + 1);

    assertThatThrownBy(reply::bytes)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("larger than");
    assertThat(streamed(11).aggregate(10)).isCompletedExceptionally();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1000})
  void codes_have_a_range(int code) {
    assertThatThrownBy(() -> Reply.of(code, "", Body.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 250, 251, 255, 299, 600})
  void a_response_cannot_have_a_code_of_restpipe(int code) {
    assertThatThrownBy(() -> Response.of("", code, null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 249, 300, 404, 599})
  void a_response_may_have_any_other(int code) {
    assertThat(Response.json(code, "x").header("A", "b").code()).isEqualTo(code);
  }

  @Test
  void a_handler_cannot_register_twice() {
    var handler = new ServerEventHandler();
    handler.on(Verb.GET, "a", (context, data) -> null);
    handler.onNonBlocking(Verb.PUT, "a", (context, data) -> null);

    assertThatThrownBy(() -> handler.on(Verb.GET, "a", (context, data) -> null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("registered twice: GET a");
    assertThat(handler.registrations()).hasSize(2);
  }
}

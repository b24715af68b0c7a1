package io.restpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayAnswerTest {

  private static GatewayAnswer answer(String method, String text) throws IOException {
    return GatewayAnswer.read(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)), method);
  }

  private static String body(String text) throws IOException {
    return new String(answer("GET", text).body().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  @Test
  void a_body_of_known_length_ends_there() throws IOException {
    GatewayAnswer answer =
        answer("GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Event-Id:  a \r\n\r\nhelloMORE");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.reason()).isEqualTo("OK");
    assertThat(answer.header("x-event-id")).isEqualTo("a");
    assertThat(answer.header("x-other")).isEmpty();
    assertThat(answer.body().readAllBytes()).asString().isEqualTo("hello");
  }

  @Test
  void chunks_are_put_together() throws IOException {
    String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    assertThat(body(head + "5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\nTrailer: 1\r\n\r\nMORE"))
        .isEqualTo("hello world");
    assertThat(body(head + "0\r\n\r\n")).isEmpty();
  }

  @Test
  void a_body_without_a_length_ends_with_the_connection() throws IOException {
    assertThat(body("HTTP/1.1 200 OK\r\n\r\nall of it")).isEqualTo("all of it");
  }

  @Test
  void an_answer_to_head_has_no_body() throws IOException {
    assertThat(answer("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n").body().read())
        .isEqualTo(-1);
    assertThat(body("HTTP/1.1 204 No Content\r\n\r\n")).isEmpty();
  }

  @Test
  void an_interim_answer_is_passed_over() throws IOException {
    assertThat(answer("GET", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404\r\n\r\n").status())
        .isEqualTo(404);
  }

  @Test
  void a_body_that_breaks_off_is_noticed() {
    assertThatIOException()
        .isThrownBy(() -> body("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell"))
        .isInstanceOf(EOFException.class)
        .withMessage("the answer broke off");
    assertThatIOException()
        .isThrownBy(() -> body("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhell"))
        .isInstanceOf(EOFException.class)
        .withMessage("the answer broke off");
    assertThatIOException()
        .isThrownBy(() -> body("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello"))
        .withMessage("the answer broke off");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1\r\n\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b"
      })
  void what_is_not_http_is_refused(String text) {
    assertThatIOException().isThrownBy(() -> answer("GET", text));
  }

  @Test
  void a_head_without_end_is_given_up() {
    assertThatIOException()
        .isThrownBy(() -> answer("GET", "HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(20_000)))
        .withMessageContaining("larger than 65536 bytes");
  }
}

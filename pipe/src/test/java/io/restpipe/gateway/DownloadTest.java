package io.restpipe.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.restpipe.event.Body;
import io.restpipe.event.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DownloadTest {

  private static final int CHUNK = 16 * 1024;
  private static final String GET = "GET /client/c/n HTTP/1.1\r\nHost: h\r\n\r\n";

  private TestGateway gateway;
  private RawCaller caller;

  @BeforeEach
  void start() throws Exception {
    gateway = TestGateway.start();
    caller = gateway.connect();
  }

  @AfterEach
  void stop() throws Exception {
    caller.close();
    gateway.close();
  }

  private void reply(Body body) {
    gateway.peers.reply(event -> Reply.of(0, "application/octet-stream", body));
  }

  @Test
  void a_body_of_known_length_has_a_content_length() throws Exception {
    var body = new TrackedBody(CHUNK, 100);
    reply(body);
    caller.send(GET);
    RawCaller.Response response = caller.response();

    assertThat(response.header("Content-Length")).isEqualTo("" + 100 * CHUNK);
    assertThat(response.header("Transfer-Encoding")).isNull();
    assertThat(response.body()).hasSize(100 * CHUNK);
    await().until(() -> body.outstanding() == 0);
  }

  @Test
  void a_body_of_unknown_length_is_chunked_and_the_connection_goes_on() throws Exception {
    reply(new TrackedBody(CHUNK, 10).announcing(Body.UNKNOWN_LENGTH));
    for (int i = 0; i < 2; i++) {
      reply(new TrackedBody(CHUNK, 10).announcing(Body.UNKNOWN_LENGTH));
      caller.send(GET);
      RawCaller.Response response = caller.response();

      assertThat(response.header("Transfer-Encoding")).isEqualTo("chunked");
      assertThat(response.header("Content-Length")).isNull();
      assertThat(response.body()).hasSize(10 * CHUNK);
    }
  }

  @Test
  void a_body_of_unknown_length_ends_with_the_connection_for_http_1_0() throws Exception {
    reply(new TrackedBody(CHUNK, 10).announcing(Body.UNKNOWN_LENGTH));
    caller.send("GET /client/c/n HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    RawCaller.Response head = caller.head();

    assertThat(head.header("Connection")).isEqualTo("close");
    assertThat(head.header("Transfer-Encoding")).isNull();
    assertThat(caller.rest()).hasSize(10 * CHUNK);
  }

  @Test
  void an_empty_body_that_streams_is_complete() throws Exception {
    reply(new TrackedBody(CHUNK, 0).announcing(Body.UNKNOWN_LENGTH));
    caller.send(GET);

    assertThat(caller.response().body()).isEmpty();
  }

  @Test
  void a_body_that_breaks_off_ends_the_connection_without_the_last_chunk() throws Exception {
    try (var log = new CapturedLog(ReplyStream.class.getName())) {
      reply(new TrackedBody(10, 10).announcing(Body.UNKNOWN_LENGTH).failingAt(3));
      caller.send(GET);
      String id = caller.head().header("X-Event-Id");

      assertThat(caller.rest()).doesNotContain("0\r\n\r\n");
      assertThat(log.lines())
          .singleElement()
          .asString()
          .contains(id, "broke off", "the body fails here");
    }
  }

  @Test
  void a_body_shorter_than_it_said_ends_the_connection() throws Exception {
    try (var log = new CapturedLog(ReplyStream.class.getName())) {
      reply(new TrackedBody(10, 10).announcing(200));
      caller.send(GET);

      assertThat(caller.head().header("Content-Length")).isEqualTo("200");
      assertThat(caller.rest()).hasSizeLessThanOrEqualTo(100);
      assertThat(log.lines()).singleElement().asString().contains("100 of 200 bytes");
    }
  }

  @Test
  void a_body_longer_than_it_said_is_cut_and_ends_the_connection() throws Exception {
    try (var log = new CapturedLog(ReplyStream.class.getName())) {
      var body = new TrackedBody(10, 10).announcing(55);
      reply(body);
      caller.send(GET);

      assertThat(caller.head().header("Content-Length")).isEqualTo("55");
      assertThat(caller.rest()).hasSizeLessThanOrEqualTo(55);
      assertThat(log.lines()).singleElement().asString().contains("55 bytes that it announced");
      await().until(() -> body.outstanding() == 0 && body.cancelled());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void two_hundred_mebibytes_pass_with_few_chunks_at_a_time(boolean epoll) throws Exception {
    ExecutorService source = Executors.newSingleThreadExecutor();
    try (var other = TestGateway.start(setup -> setup.epoll = epoll);
        RawCaller reader = other.connect()) {
      long chunks = 200 * 64;
      var body = new TrackedBody(CHUNK, chunks, source);
      other.peers.reply(event -> Reply.of(0, "", body));
      reader.send(GET);
      reader.head();

      long left = chunks * CHUNK;
      var into = new byte[CHUNK];
      while (left > 0) {
        left -= reader.in().readNBytes(into, 0, (int) Math.min(left, into.length));
      }
      await().until(() -> body.outstanding() == 0);
      assertThat(body.mostOutstanding()).isLessThanOrEqualTo(ReplyStream.WINDOW);
      reader.send("GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(reader.response().status()).isEqualTo(200);
    } finally {
      source.shutdownNow();
    }
  }

  @Test
  void a_caller_that_does_not_read_holds_no_more_than_a_window() throws Exception {
    var body = new TrackedBody(64 * 1024, 10_000);
    reply(body);
    caller.send(GET);

    var last = new AtomicLong(-1);
    await()
        .during(300, TimeUnit.MILLISECONDS)
        .until(() -> body.published() > 0 && last.getAndSet(body.published()) == body.published());
    assertThat(body.published()).isLessThan(1_000);
    assertThat(body.mostOutstanding()).isLessThanOrEqualTo(ReplyStream.WINDOW);

    caller.close();
    await().until(() -> body.cancelled() && body.outstanding() == 0);
  }

  @Test
  void a_caller_that_does_not_read_its_pipelined_responses_gets_no_more() throws Exception {
    Body body = Body.of(new byte[256 * 1024]);
    reply(body);
    for (int i = 0; i < 100; i++) {
      caller.send(GET);
    }

    await().until(() -> gateway.peers.events.size() > 1);
    var last = new AtomicLong();
    await()
        .during(300, TimeUnit.MILLISECONDS)
        .until(
            () -> {
              int now = gateway.peers.events.size();
              return last.getAndSet(now) == now;
            });
    assertThat(gateway.peers.events).hasSizeLessThan(90);
    for (int i = 0; i < 100; i++) {
      assertThat(caller.response().body()).hasSize(256 * 1024);
    }
  }

  @Test
  void a_caller_that_goes_away_cancels_the_call() throws Exception {
    var reply = new CompletableFuture<Reply>();
    gateway.peers.answer((name, event) -> reply);
    caller.send(GET);
    await().until(() -> !gateway.peers.events.isEmpty());

    caller.close();

    await().until(reply::isCancelled);
  }

  @Test
  void a_caller_that_resets_the_connection_cancels_the_call_also_with_requests_behind_it()
      throws Exception {
    var reply = new CompletableFuture<Reply>();
    gateway.peers.answer((name, event) -> reply);
    caller.send(GET + GET + GET);
    await().until(() -> !gateway.peers.events.isEmpty());

    caller.socket().setSoLinger(true, 0);
    caller.close();

    await().until(reply::isCancelled);
    assertThat(gateway.peers.events).hasSize(1);
  }

  @Test
  void a_reply_that_comes_after_its_caller_went_away_is_discarded() throws Exception {
    // A future that cannot be cancelled, as if the reply had been on its way already.
    var cancelled = new CompletableFuture<Void>();
    var reply =
        new CompletableFuture<Reply>() {
          @Override
          public boolean cancel(boolean mayInterruptIfRunning) {
            cancelled.complete(null);
            return false;
          }
        };
    gateway.peers.answer((name, event) -> reply);
    caller.send(GET);
    await().until(() -> !gateway.peers.events.isEmpty());
    caller.close();
    cancelled.get(10, TimeUnit.SECONDS);

    var body = new TrackedBody(10, 10);
    reply.complete(Reply.of(0, "", body));

    await().until(body::discarded);
  }

  @Test
  void a_download_that_its_caller_leaves_is_cancelled() throws Exception {
    var body = new TrackedBody(CHUNK, 100_000);
    reply(body);
    caller.send(GET);
    caller.head();

    caller.close();

    await().until(() -> body.cancelled() && body.outstanding() == 0);
  }

  @Test
  void a_reply_may_stream_while_its_request_does() throws Exception {
    gateway.peers.reply(event -> Reply.of(0, "", event.body()));
    int size = 8 * 1024 * 1024;
    caller.send("POST /client/c/echo HTTP/1.1\r\nHost: h\r\nContent-Length: " + size + "\r\n\r\n");
    var sending =
        CompletableFuture.runAsync(
            () -> {
              try {
                caller.send(new byte[size]);
              } catch (IOException broken) {
                throw new UncheckedIOException(broken);
              }
            });

    assertThat(caller.response().body()).hasSize(size);
    sending.join();
  }

  @Test
  void a_whole_body_larger_than_all_buffers_arrives() throws Exception {
    reply(Body.of(new byte[20 * 1024 * 1024]));
    caller.send(GET + GET);

    assertThat(caller.response().body()).hasSize(20 * 1024 * 1024);
    assertThat(caller.response().body()).hasSize(20 * 1024 * 1024);
  }

  @Test
  void an_error_before_the_first_byte_of_the_body_is_still_a_broken_body() throws Exception {
    try (var log = new CapturedLog(ReplyStream.class.getName())) {
      reply(new TrackedBody(10, 10).failingAt(0));
      caller.send(GET);

      assertThatThrownBy(
              () -> {
                caller.head();
                if (caller.in().readNBytes(100).length < 100) {
                  throw new IOException("cut");
                }
              })
          .isInstanceOf(IOException.class);
      assertThat(log.lines()).hasSize(1);
    }
  }

  @Test
  void a_body_that_ends_with_the_connection_and_breaks_off_resets_it() throws Exception {
    try (var log = new CapturedLog(ReplyStream.class.getName())) {
      reply(new TrackedBody(10, 10).announcing(Body.UNKNOWN_LENGTH).failingAt(3));
      caller.send("GET /client/c/n HTTP/1.0\r\n\r\n");

      // An orderly end would look like a complete body.
      assertThatThrownBy(() -> caller.rest()).isInstanceOf(SocketException.class);
      assertThat(log.lines()).hasSize(1);
    }
  }

  @Test
  void the_last_response_waits_for_a_slow_reader() throws Exception {
    reply(Body.of(new byte[20 * 1024 * 1024]));
    caller.send("GET /client/c/n HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    await().until(() -> !gateway.peers.events.isEmpty());
    AtomicBoolean waited = new AtomicBoolean();
    CompletableFuture.delayedExecutor(3, TimeUnit.SECONDS).execute(() -> waited.set(true));
    await().until(waited::get);

    assertThat(caller.response().body()).hasSize(20 * 1024 * 1024);
    assertThat(caller.ended()).isTrue();
  }
}

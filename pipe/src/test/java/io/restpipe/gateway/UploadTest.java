package io.restpipe.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restpipe.event.Body;
import io.restpipe.event.BodyException;
import io.restpipe.event.Event;
import io.restpipe.event.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadTest {

  private static final int MIB = 1024 * 1024;

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

  private static Reply text(String text) {
    return Reply.of(0, "text/plain", Body.of(text));
  }

  private void sendHead(long length, String more) throws Exception {
    caller.send(
        "PUT /client/c/n HTTP/1.1\r\nHost: h\r\nContent-Length: "
            + length
            + "\r\n"
            + more
            + "\r\n");
  }

  private Event event() {
    await().until(() -> !gateway.peers.events.isEmpty());
    return gateway.peers.events.get(0);
  }

  private Taker take(Event event) {
    var taker = new Taker();
    event.body().subscribe(taker);
    return taker;
  }

  @Test
  void a_small_body_is_whole_so_that_its_event_can_be_sent_again() throws Exception {
    gateway.peers.reply(event -> text("got " + event.body().whole().remaining()));
    sendHead(60_000, "");
    caller.send(new byte[30_000]);
    caller.send(new byte[30_000]);

    assertThat(caller.response().body()).isEqualTo("got 60000");
  }

  @Test
  void a_large_body_streams() throws Exception {
    gateway.peers.answer(
        (name, event) ->
            event.body().aggregate(4 * MIB).thenApply(bytes -> text("got " + bytes.length)));
    sendHead(3 * MIB, "");
    caller.send(new byte[3 * MIB]);

    assertThat(event().body().length()).isEqualTo(3 * MIB);
    assertThat(caller.response().body()).isEqualTo("got " + 3 * MIB);
  }

  @Test
  void a_chunked_body_streams_as_it_comes() throws Exception {
    var reply = new CompletableFuture<Reply>();
    gateway.peers.answer((name, event) -> reply);
    caller.send("POST /client/c/n HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    Taker taker = take(event());
    taker.request(100);

    caller.send("3\r\nabc\r\n");
    await().until(() -> taker.text().equals("abc"));
    caller.send("2;extension=x\r\nde\r\n0\r\nX-Trailer: t\r\n\r\n");
    await().until(taker::complete);

    assertThat(taker.text()).isEqualTo("abcde");
    assertThat(event().body().length()).isEqualTo(Body.UNKNOWN_LENGTH);
    reply.complete(text("done"));
    assertThat(caller.response().body()).isEqualTo("done");
  }

  @Test
  void nothing_is_read_beyond_what_is_asked_for() throws Exception {
    gateway.peers.answer((name, event) -> new CompletableFuture<>());
    int size = 64 * MIB;
    sendHead(size, "");
    var sending =
        CompletableFuture.runAsync(
            () -> {
              try {
                for (int i = 0; i < 64; i++) {
                  caller.send(new byte[MIB]);
                }
              } catch (IOException broken) {
                throw new UncheckedIOException(broken);
              }
            });
    Taker taker = take(event());
    taker.keepChunks();

    taker.request(4);
    await().until(() -> taker.chunks() == 4);
    // What the kernel's socket buffers do not hold stays with the caller.
    await().during(300, TimeUnit.MILLISECONDS).until(() -> taker.chunks() == 4);
    assertThat(sending).isNotDone();

    taker.releaseKept();
    taker.request(Long.MAX_VALUE);
    await().atMost(20, TimeUnit.SECONDS).until(taker::complete);
    assertThat(taker.bytes()).isEqualTo(size);
  }

  @Test
  void expect_continue_is_answered_when_the_body_is_asked_for() throws Exception {
    var reply = new CompletableFuture<Reply>();
    gateway.peers.answer((name, event) -> reply);
    sendHead(5, "Expect: 100-continue\r\n");
    Taker taker = take(event());
    assertThat(caller.in().available()).isZero();

    taker.request(1);
    assertThat(caller.head().status()).isEqualTo(100);
    caller.send("hello");
    await().until(taker::complete);
    reply.complete(text("thanks"));

    assertThat(taker.text()).isEqualTo("hello");
    assertThat(caller.response().body()).isEqualTo("thanks");
    sendHead(0, "");
    assertThat(caller.response().status()).isEqualTo(200);
  }

  @Test
  void a_final_answer_replaces_the_100() throws Exception {
    caller.send(
        "PUT /nothing HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");

    RawCaller.Response response = caller.response();
    assertThat(response.status()).isEqualTo(404);
    assertThat(response.header("Connection")).isEqualTo("close");
    assertThat(caller.ended()).isTrue();
  }

  @Test
  void no_100_where_the_body_comes_along() throws Exception {
    gateway.peers.answer(
        (name, event) -> event.body().aggregate(MIB).thenApply(b -> text("got " + b.length)));
    caller.send(
        "PUT /client/c/n HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
            + "hello");

    assertThat(caller.response().body()).isEqualTo("got 5");
  }

  @Test
  void an_early_answer_and_a_short_rest_leave_the_connection_usable() throws Exception {
    gateway.peers.reply(
        event -> {
          event.body().discard();
          return text("enough");
        });
    sendHead(200_000, "");
    RawCaller.Response response = caller.response();
    caller.send(new byte[200_000]);

    assertThat(response.body()).isEqualTo("enough");
    assertThat(response.header("Connection")).isNull();
    sendHead(0, "");
    assertThat(caller.response().body()).isEqualTo("enough");
  }

  @Test
  void an_early_answer_reaches_a_caller_with_a_long_rest_and_the_connection_ends()
      throws Exception {
    gateway.peers.reply(
        event -> {
          event.body().discard();
          return text("enough");
        });
    sendHead(1L << 40, "");
    caller.send(new byte[2 * MIB]);
    RawCaller.Response response = caller.response();

    assertThat(response.body()).isEqualTo("enough");
    assertThat(response.header("Connection")).isEqualTo("close");
    assertThat(caller.ended()).isTrue();
  }

  @Test
  void a_body_that_nobody_asked_for_is_dropped_with_the_answer() throws Exception {
    gateway.peers.reply(event -> text("ignored it"));
    sendHead(100_000, "");
    caller.send(new byte[100_000]);
    sendHead(0, "");

    assertThat(caller.response().body()).isEqualTo("ignored it");
    assertThat(caller.response().body()).isEqualTo("ignored it");
  }

  @Test
  void a_body_may_be_read_on_after_the_answer() throws Exception {
    var taken = new CompletableFuture<Taker>();
    gateway.peers.reply(
        event -> {
          if (event.body().whole() == null) {
            taken.complete(take(event));
          }
          return text("reading on");
        });
    sendHead(100_000, "");
    assertThat(caller.response().body()).isEqualTo("reading on");

    Taker taker = taken.join();
    taker.request(Long.MAX_VALUE);
    caller.send(new byte[100_000]);
    sendHead(0, "");

    await().until(taker::complete);
    assertThat(taker.bytes()).isEqualTo(100_000);
    assertThat(caller.response().body()).isEqualTo("reading on");
  }

  @Test
  void a_caller_that_goes_away_breaks_the_body_off_and_cancels_the_call() throws Exception {
    var reply = new CompletableFuture<Reply>();
    gateway.peers.answer((name, event) -> reply);
    sendHead(100_000, "");
    caller.send(new byte[1000]);
    Taker taker = take(event());
    taker.request(Long.MAX_VALUE);
    await().until(() -> taker.bytes() == 1000);

    caller.close();

    await().until(() -> taker.failure() != null);
    assertThat(taker.failure())
        .isInstanceOfSatisfying(
            BodyException.class,
            broken -> assertThat(broken.reason()).isEqualTo(BodyException.Reason.BROKEN_OFF));
    await().until(reply::isCancelled);
  }

  @Test
  void a_malformed_chunk_breaks_the_body_off_and_is_400() throws Exception {
    var reply = new CompletableFuture<Reply>();
    gateway.peers.answer((name, event) -> reply);
    caller.send("POST /client/c/n HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    Taker taker = take(event());
    taker.request(Long.MAX_VALUE);
    caller.send("3\r\nabc\r\nwhat\r\n");

    assertThat(caller.response().status()).isEqualTo(400);
    assertThat(caller.ended()).isTrue();
    assertThat(taker.failure()).isInstanceOf(BodyException.class);
    assertThat(reply).isCancelled();
  }

  @Test
  void a_body_has_one_reader() throws Exception {
    gateway.peers.answer((name, event) -> new CompletableFuture<>());
    sendHead(100_000, "");
    take(event());

    assertThat(take(event()).failure())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("body is read already");
  }

  @Test
  void who_reads_after_the_end_of_the_connection_is_told() throws Exception {
    var reply = new CompletableFuture<Reply>();
    gateway.peers.answer((name, event) -> reply);
    sendHead(100_000, "");
    Event event = event();
    caller.close();
    await().until(reply::isCancelled);

    Taker taker = take(event);

    await().until(() -> taker.failure() != null);
    assertThat(taker.failure()).hasMessage("the caller went away");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void two_hundred_mebibytes_pass_with_few_chunks_at_a_time(boolean epoll) throws Exception {
    try (var other = TestGateway.start(setup -> setup.epoll = epoll);
        RawCaller sender = other.connect()) {
      var taken = new CompletableFuture<Taker>();
      var reply = new CompletableFuture<Reply>();
      other.peers.answer(
          (name, event) -> {
            Taker taker = take(event);
            taker.requestOneAfterTheOther();
            taken.complete(taker);
            return reply;
          });
      sender.send(
          "PUT /client/c/n HTTP/1.1\r\nHost: h\r\nContent-Length: " + 200L * MIB + "\r\n\r\n");
      var piece = new byte[MIB];
      for (int i = 0; i < 200; i++) {
        sender.send(piece);
      }
      Taker taker = taken.join();
      await().atMost(30, TimeUnit.SECONDS).until(taker::complete);
      reply.complete(text("all"));

      assertThat(taker.bytes()).isEqualTo(200L * MIB);
      assertThat(taker.mostOutstanding()).isEqualTo(1);
      assertThat(sender.response().body().getBytes(StandardCharsets.UTF_8)).hasSize(3);
    }
  }
}

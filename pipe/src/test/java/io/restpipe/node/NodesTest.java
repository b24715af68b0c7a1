package io.restpipe.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.restpipe.event.Body;
import io.restpipe.event.ClientEventHandler;
import io.restpipe.event.Event;
import io.restpipe.event.EventContext;
import io.restpipe.event.NonBlocking;
import io.restpipe.event.PostData;
import io.restpipe.event.Reply;
import io.restpipe.event.Response;
import io.restpipe.event.ServerEventHandler;
import io.restpipe.event.Verb;
import io.restpipe.pipe.PipeException;
import io.restpipe.pipe.PipeFailException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes over real mutual TLS, called through the public API. */
@Timeout(60)
class NodesTest {

  private static final CountDownLatch INTERRUPTED = new CountDownLatch(1);

  private final CountDownLatch gate = new CountDownLatch(1);
  private ServerNode server;
  private ClientNode client;

  public static class Answers extends ServerEventHandler {

    public Map<String, String> getWho(EventContext context) {
      return Map.of("you", context.peer().name());
    }

    public String getFail() {
      throw new IllegalStateException("no luck today");
    }

    public Response postEcho(PostData data) throws IOException {
      return Response.of(data.mimeType(), 7, data.bytes());
    }

    public long postCount(PostData data) throws IOException {
      long count = 0;
      var buffer = new byte[64 * 1024];
      try (InputStream in = data.stream()) {
        for (int more = in.read(buffer); more >= 0; more = in.read(buffer)) {
          count += more;
        }
      }
      return count;
    }

    public InputStream postStream(PostData data) {
      return data.stream();
    }

    public InputStream getEndless() {
      return new Endless();
    }

    public InputStream getZeros(long count) {
      return new Zeros(count);
    }

    public String getForever() throws InterruptedException {
      try {
        new CountDownLatch(1).await();
        return "never";
      } catch (InterruptedException interrupted) {
        INTERRUPTED.countDown();
        throw interrupted;
      }
    }

    public CompletableFuture<String> getLater() {
      return CompletableFuture.supplyAsync(() -> "later");
    }
  }

  public static class ClientAnswers extends ClientEventHandler {

    @NonBlocking
    public Map<String, String> getCat(String... parts) {
      return Map.of("result_from_client", String.join("", parts));
    }
  }

  @BeforeEach
  void start() throws Exception {
    server =
        ServerNode.builder(Certificates.server())
            .bind("127.0.0.1", 0)
            .handler(new Answers())
            .on(Verb.GET, "lambda", (context, data) -> "from a lambda")
            .on(Verb.GET, "gate", (context, data) -> gate.await(20, TimeUnit.SECONDS))
            .start();
    client =
        ClientNode.builder(Certificates.client("alpha"))
            .server("localhost", server.address().getPort())
            .handler(new ClientAnswers())
            .start();
    client.awaitConnected(Duration.ofSeconds(10));
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void a_node_refuses_to_be_closed_by_a_thread_that_it_would_wait_for() {
    CompletableFuture<Reply> closing =
        client
            .server()
            .get("gate")
            .thenApply(
                reply -> {
                  client.close();
                  return reply;
                });
    gate.countDown();

    assertThat(causeOf(closing)).hasMessageContaining("close the node on another thread");
    assertThat(client.server().connected()).isTrue();
  }

  private static Reply wait(CompletableFuture<Reply> reply) throws Exception {
    return reply.get(20, TimeUnit.SECONDS);
  }

  private static Throwable causeOf(CompletableFuture<Reply> reply) {
    Throwable thrown = catchThrowable(() -> wait(reply));
    assertThat(thrown).isInstanceOf(ExecutionException.class);
    return thrown.getCause();
  }

  @Test
  void a_client_calls_the_server_and_is_known_by_its_certificate() throws Exception {
    Reply reply = wait(client.server().get("who"));

    assertThat(reply.code()).isZero();
    assertThat(reply.mimeType()).isEqualTo("application/json");
    assertThat(reply.text()).isEqualTo("{\"you\":\"alpha\"}");
  }

  @Test
  void a_server_calls_a_client_by_name() throws Exception {
    Reply reply = wait(server.peer("alpha").get("cat//hello%20/world"));

    assertThat(reply.text()).isEqualTo("{\"result_from_client\":\"hello world\"}");
  }

  @Test
  void a_server_finds_a_client_by_the_host_it_is_connected_from() throws Exception {
    Reply reply = wait(server.peer("localhost").get("cat//a"));

    assertThat(reply.text()).contains("\"a\"");
  }

  @Test
  void lambdas_stand_beside_methods() throws Exception {
    assertThat(wait(client.server().get("lambda")).text()).contains("from a lambda");
  }

  @Test
  void a_failing_handler_arrives_as_an_exception() {
    Throwable failure = causeOf(client.server().get("fail"));

    assertThat(failure).isInstanceOf(PipeFailException.class).hasMessage("no luck today");
    var pipeFailure = (PipeFailException) failure;
    assertThat(pipeFailure.returnCode()).isEqualTo(251);
    assertThat(pipeFailure.exceptionClass()).isEqualTo("java.lang.IllegalStateException");
    assertThat(pipeFailure.traceback()).contains("getFail");
  }

  @Test
  void an_unknown_noun_arrives_as_unhandled() {
    assertThat(causeOf(client.server().get("nothing")))
        .isInstanceOfSatisfying(
            PipeFailException.class, failure -> assertThat(failure.returnCode()).isEqualTo(255));
    assertThat(causeOf(client.server().get("class"))).isInstanceOf(PipeFailException.class);
  }

  @Test
  void an_exchange_gives_failures_as_replies() throws Exception {
    Reply reply = wait(client.server().exchange(Event.at(Verb.GET, "nothing").build()));

    assertThat(reply.code()).isEqualTo(255);
    reply.body().discard();
  }

  @Test
  void a_body_comes_back_with_the_handlers_own_code() throws Exception {
    var bytes = new byte[100_000];
    new java.util.Random(1).nextBytes(bytes);

    Reply reply = wait(client.server().post("echo", "application/octet-stream", Body.of(bytes)));

    assertThat(reply.code()).isEqualTo(7);
    assertThat(reply.bytes()).isEqualTo(bytes);
  }

  @Test
  void a_streamed_body_larger_than_any_window_arrives_whole() throws Exception {
    long length = 64L * 1024 * 1024;
    var threads = Executors.newSingleThreadExecutor();
    try {
      Body body = Body.from(new Zeros(length), Body.UNKNOWN_LENGTH, threads);

      Reply reply = wait(client.server().post("count", "application/octet-stream", body));

      assertThat(reply.text()).isEqualTo(Long.toString(length));
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void a_streamed_reply_larger_than_any_window_arrives_whole() throws Exception {
    long length = 64L * 1024 * 1024;
    Event event = Event.at(Verb.GET, "zeros//" + length).build();

    Reply reply = wait(client.server().send(event));

    assertThat(length(reply)).isEqualTo(length);
  }

  @Test
  void a_body_streams_there_and_back_at_once() throws Exception {
    long length = 64L * 1024 * 1024;
    var threads = Executors.newSingleThreadExecutor();
    try {
      Body body = Body.from(new Zeros(length), Body.UNKNOWN_LENGTH, threads);

      Reply reply =
          wait(client.server().send(Event.at(Verb.POST, "stream").body("x/y", body).build()));

      assertThat(length(reply)).isEqualTo(length);
    } finally {
      threads.shutdownNow();
    }
  }

  private static long length(Reply reply) throws IOException {
    long count = 0;
    var buffer = new byte[64 * 1024];
    try (InputStream in = reply.body().stream()) {
      for (int more = in.read(buffer); more >= 0; more = in.read(buffer)) {
        count += more;
      }
    }
    return count;
  }

  @Test
  void futures_of_handlers_are_waited_for() throws Exception {
    assertThat(wait(client.server().get("later")).text()).contains("later");
  }

  @Test
  void a_call_that_is_cancelled_interrupts_its_handler() throws Exception {
    CompletableFuture<Reply> call = client.server().get("forever");
    assertThat(wait(client.server().get("who")).code()).isZero();

    call.cancel(true);

    assertThat(INTERRUPTED.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void a_call_ends_at_its_deadline() {
    Event event = Event.at(Verb.GET, "forever").timeout(Duration.ofMillis(300)).build();

    assertThat(causeOf(client.server().send(event)))
        .isInstanceOfSatisfying(
            PipeException.class,
            failure -> {
              assertThat(failure.reason()).isEqualTo(PipeException.Reason.TIMED_OUT);
              assertThat(failure.outcomeUnknown()).isTrue();
            });
  }

  @Test
  void every_node_answers_who_it_is() throws Exception {
    assertThat(wait(server.peer("alpha").get("$info")).text()).contains("\"alpha\"");
    assertThat(wait(client.server().get("$ping")).code()).isZero();
    assertThat(wait(client.server().get("$stats")).text()).contains("\"noun\":\"who\"");
  }

  @Test
  void the_directory_lists_who_is_connected() throws Exception {
    wait(client.server().get("who"));

    assertThat(server.peers().connected())
        .singleElement()
        .satisfies(one -> assertThat(one.peer().name()).isEqualTo("alpha"));
  }

  @Test
  void a_closed_node_refuses_new_calls() {
    client.close();

    assertThat(causeOf(client.server().get("who")))
        .isInstanceOfSatisfying(
            PipeException.class,
            failure -> assertThat(failure.reason()).isEqualTo(PipeException.Reason.DRAINING));
  }

  @Test
  void a_port_in_use_is_a_clear_start_error() {
    assertThatThrownBy(
            () ->
                ServerNode.builder(Certificates.server())
                    .bind("127.0.0.1", server.address().getPort())
                    .start())
        .isInstanceOf(NodeStartException.class)
        .hasMessageContaining("cannot listen for clients on 127.0.0.1:");
  }

  @Test
  void a_heartbeat_timeout_shorter_than_its_interval_is_a_clear_start_error() {
    assertThatThrownBy(
            () ->
                ServerNode.builder(Certificates.server())
                    .bind("127.0.0.1", 0)
                    .heartbeatInterval(Duration.ofSeconds(5))
                    .heartbeatTimeout(Duration.ofSeconds(5))
                    .start())
        .isInstanceOf(NodeStartException.class)
        .hasMessageContaining("must be longer than the heartbeat interval");
  }

  @Test
  void a_gateway_off_loopback_needs_development_mode() {
    assertThatThrownBy(
            () ->
                ServerNode.builder(Certificates.server())
                    .bind("127.0.0.1", 0)
                    .gateway("0.0.0.0:0")
                    .start())
        .isInstanceOf(NodeStartException.class)
        .hasMessageContaining("--dev");
  }

  /** So many zeros. */
  private static final class Zeros extends InputStream {
    private long left;

    Zeros(long count) {
      this.left = count;
    }

    @Override
    public int read() {
      return left-- > 0 ? 0 : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (left <= 0) {
        return -1;
      }
      int count = (int) Math.min(left, length);
      java.util.Arrays.fill(into, offset, offset + count, (byte) 0);
      left -= count;
      return count;
    }
  }

  @Test
  void cancelling_a_call_whose_body_is_under_way_ends_the_body() throws Exception {
    CompletableFuture<Reply> call = client.server().get("endless");
    assertThat(Endless.UNDER_WAY.await(10, TimeUnit.SECONDS)).isTrue();

    call.cancel(true);

    assertThat(Endless.CLOSED.await(10, TimeUnit.SECONDS)).isTrue();
  }

  /** More than is sent without having been read at the other end, and then nothing for long. */
  private static final class Endless extends InputStream {

    static final CountDownLatch UNDER_WAY = new CountDownLatch(1);
    static final CountDownLatch CLOSED = new CountDownLatch(1);

    private int left = 2 * 1024 * 1024;

    @Override
    public int read() {
      throw new AssertionError("read byte by byte");
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left <= 0) {
        UNDER_WAY.countDown();
        try {
          CLOSED.await();
        } catch (InterruptedException interrupted) {
          CLOSED.countDown();
        }
        throw new IOException("closed");
      }
      left -= length;
      return length;
    }

    @Override
    public void close() {
      CLOSED.countDown();
    }
  }
}

package io.restpipe.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.event.Body;
import io.restpipe.event.Event;
import io.restpipe.event.Reply;
import io.restpipe.event.Response;
import io.restpipe.event.Verb;
import io.restpipe.pipe.PipeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of all sizes at handlers that run on the event loop. */
@Timeout(60)
class NonBlockingBodiesTest {

  private ServerNode server;
  private ClientNode client;

  @BeforeEach
  void start() throws Exception {
    server =
        ServerNode.builder(Certificates.server())
            .bind("127.0.0.1", 0)
            .onNonBlocking(Verb.PUT, "body", (c, data) -> Response.of("a/b", data.body()))
            .onNonBlocking(Verb.PUT, "bytes", (c, data) -> Response.of("a/b", data.bytes()))
            .onNonBlocking(Verb.PUT, "stream", (c, data) -> data.stream().readAllBytes())
            .onNonBlocking(Verb.PUT, "length", (c, data) -> data.length())
            .onNonBlocking(Verb.POST, "once", (c, data) -> Response.of("a/b", data.body()))
            .start();
    client =
        ClientNode.builder(Certificates.client("alpha"))
            .server("localhost", server.address().getPort())
            .start();
    client.awaitConnected(Duration.ofSeconds(10));
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private CompletableFuture<Reply> call(Verb verb, String noun, byte[] bytes) {
    var event = Event.builder(verb, noun).body("application/octet-stream", Body.of(bytes));
    return client.server().call(event.build());
  }

  private static byte[] random(int size) {
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16_374, 16_385, 70_000, 300_000, 3_000_000})
  void are_there_when_the_handler_is_called(int size) throws Exception {
    byte[] sent = random(size);

    for (String noun : List.of("body", "bytes", "stream")) {
      Reply reply = call(Verb.PUT, noun, sent).get(20, TimeUnit.SECONDS);
      assertThat(reply.bytes()).as(noun).isEqualTo(sent);
    }
    assertThat(call(Verb.PUT, "length", sent).get(20, TimeUnit.SECONDS).text())
        .isEqualTo(Integer.toString(size));
    assertThat(call(Verb.POST, "once", sent).get(20, TimeUnit.SECONDS).bytes()).isEqualTo(sent);
  }

  @Test
  void many_at_once_do_not_keep_each_other_waiting() throws Exception {
    byte[] sent = random(500_000);
    List<CompletableFuture<Reply>> replies = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      replies.add(call(Verb.PUT, "body", sent));
    }

    for (CompletableFuture<Reply> reply : replies) {
      assertThat(reply.get(40, TimeUnit.SECONDS).bytes()).isEqualTo(sent);
    }
  }

  @Test
  void too_large_ones_are_refused() throws Exception {
    CompletableFuture<Reply> reply = call(Verb.PUT, "body", new byte[20_000_000]);

    try {
      reply.get(40, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      assertThat(failed.getCause())
          .isInstanceOfSatisfying(
              PipeException.class,
              refused -> assertThat(refused.reason()).isEqualTo(PipeException.Reason.TOO_LARGE));
      return;
    }
    throw new AssertionError("not refused");
  }
}

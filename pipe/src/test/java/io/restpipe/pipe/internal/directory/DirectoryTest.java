package io.restpipe.pipe.internal.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.restpipe.event.Event;
import io.restpipe.event.Reply;
import io.restpipe.event.Verb;
import io.restpipe.pipe.HostnameResolver;
import io.restpipe.pipe.PipeException;
import io.restpipe.pipe.PipeException.Reason;
import io.restpipe.security.SecurityLog;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names that nobody has, and nodes that end. */
class DirectoryTest {

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  @AfterEach
  void close() {
    timer.shutdownNow();
  }

  private Directory directory(Duration peerWait, int maxWaiting, @Nullable HostnameResolver hosts) {
    return new Directory(
        new DirectorySettings(
            Duration.ofSeconds(30),
            peerWait,
            Duration.ofSeconds(5),
            Set.of(),
            hosts,
            maxWaiting,
            10),
        timer,
        timer,
        SecurityLog.NONE);
  }

  private static CompletableFuture<Reply> call(Directory directory, String name) {
    return directory.peer(name).exchange(Event.at(Verb.GET, "time").build());
  }

  private static PipeException failure(CompletableFuture<Reply> call) {
    Throwable thrown = catchThrowable(() -> call.get(20, TimeUnit.SECONDS));
    assertThat(thrown).hasCauseInstanceOf(PipeException.class);
    return (PipeException) thrown.getCause();
  }

  @Test
  void names_that_nobody_has_take_up_no_memory() {
    Directory directory =
        directory(
            Duration.ZERO,
            10,
            host -> {
              throw new UnknownHostException(host);
            });

    for (int i = 0; i < 100; i++) {
      assertThat(failure(call(directory, "nobody-" + i)).reason()).isEqualTo(Reason.UNKNOWN_PEER);
    }

    await().until(() -> directory.names() == 0);
  }

  @Test
  void names_that_may_not_be_waited_for_take_up_no_memory() {
    Directory directory = directory(Duration.ofSeconds(20), 0, null);

    assertThat(failure(call(directory, "nobody")).reason()).isEqualTo(Reason.OVERLOADED);

    assertThat(directory.names()).isZero();
  }

  @Test
  void calls_that_wait_end_with_the_node_even_where_its_threads_have_ended() {
    Directory directory = directory(Duration.ofSeconds(20), 10, null);
    CompletableFuture<Reply> waiting = call(directory, "nobody");
    timer.shutdownNow();

    directory.close();

    assertThat(failure(waiting).reason()).isEqualTo(Reason.DRAINING);
    assertThat(directory.names()).isZero();
  }

  @Test
  void a_call_can_be_cancelled_when_the_threads_of_the_node_have_ended() {
    Directory directory = directory(Duration.ofSeconds(20), 10, null);
    CompletableFuture<Reply> waiting = call(directory, "nobody");
    timer.shutdownNow();

    assertThat(waiting.cancel(true)).isTrue();

    assertThat(directory.names()).isZero();
  }

  @Test
  void a_timeout_beyond_all_bounds_is_taken_as_the_longest() {
    Directory directory = directory(Duration.ZERO, 10, null);
    Event patient = Event.at(Verb.GET, "time").timeout(Duration.ofSeconds(Long.MAX_VALUE)).build();

    CompletableFuture<Reply> call = directory.peer("nobody").exchange(patient);

    assertThat(failure(call).reason()).isEqualTo(Reason.UNKNOWN_PEER);
  }
}

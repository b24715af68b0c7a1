package io.restpipe.pipe.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.pipe.internal.directory.Directory;
import io.restpipe.pipe.internal.directory.DirectorySettings;
import io.restpipe.pipe.internal.wire.GoAway;
import io.restpipe.pipe.internal.wire.Hello;
import io.restpipe.security.SecurityLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that ask a directory for a name, and leave or come at the wrong moment. */
@Timeout(60)
class AdmissionTest {

  private final Ends timers = new Ends();

  @AfterEach
  void close() throws Exception {
    timers.close();
  }

  private Directory directory() {
    ScheduledExecutorService timer = timers.group;
    return new Directory(
        new DirectorySettings(
            Duration.ofSeconds(30),
            Duration.ofSeconds(20),
            Duration.ofMillis(500),
            Set.of(),
            null,
            10,
            10),
        timer,
        timer,
        SecurityLog.NONE);
  }

  private static RawPeer peer(String instance) throws Exception {
    Hello hello =
        ConnectionSettings.defaults().hello(instance, 1, "test", List.of(), Map.of(), List.of());
    return RawPeer.greeted(
        ConnectionSettings.defaults(), exchange -> exchange.event().body().discard(), hello);
  }

  @Test
  void who_hangs_up_while_the_holder_of_the_name_is_asked_is_not_kept() throws Exception {
    Directory directory = directory();
    var admitted = new AtomicBoolean();
    try (RawPeer holder = peer("one");
        RawPeer newcomer = peer("two")) {
      directory.admit("alpha", holder.connection, () -> {});
      directory.admit("alpha", newcomer.connection, () -> admitted.set(true));
      newcomer.hangUp();
      newcomer.watcher.awaitClosed();
      directory.remove("alpha", newcomer.connection);

      assertThat(holder.next("GOAWAY").what()).startsWith("REPLACED");
      holder.connection.loop().submit(() -> {}).sync();
      newcomer.connection.loop().submit(() -> {}).sync();

      assertThat(admitted).isFalse();
      assertThat(directory.connections()).doesNotContain(newcomer.connection);
    }
  }

  @Test
  void who_comes_while_the_node_drains_is_told_to_go() throws Exception {
    Directory directory = directory();
    var admitted = new AtomicBoolean();
    try (RawPeer early = peer("one");
        RawPeer late = peer("two")) {
      directory.admit("alpha", early.connection, () -> {});

      directory.drain(
          new GoAway(0, GoAway.Reason.DRAINING, "shutting down", 100, 1_000, List.of()));
      directory.admit("beta", late.connection, () -> admitted.set(true));

      assertThat(early.next("GOAWAY").what()).isEqualTo("DRAINING shutting down");
      assertThat(late.next("GOAWAY").what()).isEqualTo("DRAINING shutting down");
      late.watcher.closed.get(20, TimeUnit.SECONDS);
      assertThat(admitted).isFalse();
    }
  }
}

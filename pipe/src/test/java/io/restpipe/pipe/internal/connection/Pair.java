package io.restpipe.pipe.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.ChannelPipeline;
import io.restpipe.event.Event;
import io.restpipe.event.EventProcessor;
import io.restpipe.metrics.Metrics;
import io.restpipe.pipe.internal.wire.GoAway;
import io.restpipe.pipe.internal.wire.Hello;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** Two connections that talk to each other. */
final class Pair implements AutoCloseable {

  static final Duration TIMEOUT = Duration.ofSeconds(20);

  final Ends ends = new Ends();
  final Watcher dialerWatcher = new Watcher();
  final Watcher acceptorWatcher = new Watcher();
  final PipeConnection dialer;
  final PipeConnection acceptor;

  /** Both ends process with the same processor. */
  static Pair of(EventProcessor both) throws Exception {
    return of(ConnectionSettings.defaults(), both, both);
  }

  static Pair of(ConnectionSettings settings, EventProcessor atDialer, EventProcessor atAcceptor)
      throws Exception {
    return new Pair(settings, atDialer, atAcceptor, (p, c) -> p.addLast(c), (p, c) -> p.addLast(c));
  }

  /** Where the connections are put into their pipelines by the test, behind TLS perhaps. */
  Pair(
      ConnectionSettings settings,
      EventProcessor atDialer,
      EventProcessor atAcceptor,
      BiConsumer<ChannelPipeline, PipeConnection> dial,
      BiConsumer<ChannelPipeline, PipeConnection> accept)
      throws Exception {
    dialer = connection(settings, Role.DIALER, "acceptor", atDialer, dialerWatcher);
    acceptor = connection(settings, Role.ACCEPTOR, "dialer", atAcceptor, acceptorWatcher);
    ends.connect(
        pipeline -> dial.accept(pipeline, dialer), pipeline -> accept.accept(pipeline, acceptor));
    dialerWatcher.greeted.get(20, TimeUnit.SECONDS);
    acceptorWatcher.greeted.get(20, TimeUnit.SECONDS);
  }

  static PipeConnection connection(
      ConnectionSettings settings,
      Role role,
      String peer,
      EventProcessor processor,
      ConnectionListener listener) {
    return new PipeConnection(
        settings, role, hello(settings), peer, processor, listener, Metrics.none());
  }

  static Hello hello(ConnectionSettings settings) {
    return settings.hello("instance", 1, "test", List.of(), Map.of(), List.of());
  }

  static Replies call(PipeConnection connection, Event event) {
    return call(connection, event, TIMEOUT);
  }

  static Replies call(PipeConnection connection, Event event, Duration timeout) {
    var replies = new Replies();
    connection.send(event, "id", timeout, false, replies);
    return replies;
  }

  /** Closes both ends; all buffers must be back, and nothing under way. */
  @Override
  public void close() throws Exception {
    dialer.loop().execute(() -> dialer.close(Farewell.of(GoAway.Reason.DRAINING, "test ends")));
    acceptorWatcher.awaitClosed();
    dialerWatcher.awaitClosed();
    await().atMost(TIMEOUT).untilAsserted(() -> assertThat(ends.held()).isZero());
    await().atMost(TIMEOUT).until(() -> dialer.inFlight() == 0 && acceptor.inFlight() == 0);
    ends.close();
  }
}

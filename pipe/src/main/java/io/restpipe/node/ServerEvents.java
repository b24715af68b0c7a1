package io.restpipe.node;

import io.restpipe.event.PeerInfo;
import io.restpipe.pipe.ServerListener;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a server's listeners, in turn, what happens to its connections. */
final class ServerEvents {

  private static final Logger LOG = LoggerFactory.getLogger(ServerNode.class);

  private static final long IDLE_MINUTES = 1;

  private final List<ServerListener> listeners;
  private final InTurn inTurn;
  private final IntSupplier count;
  private final Future<?> idleTimer;

  /** Written in turn only. */
  private Instant idleSince = Instant.now();

  ServerEvents(
      List<ServerListener> listeners,
      InTurn inTurn,
      IntSupplier count,
      ScheduledExecutorService timer) {
    this.listeners = new ArrayList<>(listeners);
    this.inTurn = inTurn;
    this.count = count;
    this.idleTimer =
        timer.scheduleAtFixedRate(
            () -> inTurn.execute(this::idle), IDLE_MINUTES, IDLE_MINUTES, TimeUnit.MINUTES);
  }

  void added(PeerInfo peer) {
    int now = count.getAsInt();
    LOG.info(
        "[{}] connected from {} (instance {}, {}), {} in all",
        peer.name(),
        peer.address(),
        peer.instance(),
        peer.version(),
        now);
    tell(listener -> listener.connectionAdded(peer, now));
  }

  void removed(PeerInfo peer, String why) {
    int now = count.getAsInt();
    LOG.info("[{}] disconnected: {}; {} left", peer.name(), why, now);
    inTurn.execute(
        () -> {
          if (now == 0) {
            idleSince = Instant.now();
          }
        });
    tell(listener -> listener.connectionRemoved(peer, now));
  }

  private void idle() {
    if (count.getAsInt() == 0) {
      Instant since = idleSince;
      Duration idle = Duration.between(since, Instant.now());
      LOG.info("no client is connected since {}", since);
      listeners.forEach(listener -> listener.idle(since, idle));
    }
  }

  private void tell(Consumer<ServerListener> news) {
    for (ServerListener listener : listeners) {
      inTurn.execute(() -> news.accept(listener));
    }
  }

  void close() {
    idleTimer.cancel(false);
  }
}

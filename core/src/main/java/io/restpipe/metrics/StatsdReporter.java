package io.restpipe.metrics;

import com.timgroup.statsd.NonBlockingStatsDClient;
import com.timgroup.statsd.StatsDClient;
import com.timgroup.statsd.StatsDClientException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a node's meters to a statsd each second, under their own names without a prefix.
 *
 * <p>Everything is summed up in the process first: a packet a call would swamp the network, and the
 * client library's queue has no bound. So at most one packet a second goes out for each counter and
 * gauge, and some samples for each timer. All lookups and sends run on threads of the reporter. A
 * statsd that is not there is not missed: UDP does not tell. A host name that cannot be looked up
 * is tried again with growing pauses; nothing is lost meanwhile.
 */
public final class StatsdReporter implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StatsdReporter.class);

  private static final Duration FLUSH_INTERVAL = Duration.ofSeconds(1);
  private static final Duration LOOKUP_INTERVAL = Duration.ofMinutes(1);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofMinutes(1);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final StatsdAddress address;
  private final Lookup lookup;
  private final StatsdFlush flush;
  private final ScheduledThreadPoolExecutor thread;

  // On the reporter's thread.
  private @Nullable InetAddress target;
  private @Nullable StatsDClient statsd;
  private long nextLookup;
  private Duration retry = FIRST_RETRY;
  private boolean warned;

  /** Finds the address of a host. */
  interface Lookup {
    InetAddress find(String host) throws UnknownHostException;
  }

  StatsdReporter(NodeMetrics metrics, StatsdAddress address, Lookup lookup) {
    this.address = address;
    this.lookup = lookup;
    this.flush = new StatsdFlush(metrics);
    this.thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              var daemon = new Thread(task, "restpipe-statsd");
              daemon.setDaemon(true);
              return daemon;
            });
    metrics.keepSamples();
  }

  /** Starts to send; returns at once. One reporter per {@link NodeMetrics}. */
  public static StatsdReporter start(NodeMetrics metrics, StatsdAddress address) {
    var reporter = new StatsdReporter(metrics, address, InetAddress::getByName);
    reporter.start(FLUSH_INTERVAL);
    return reporter;
  }

  void start(Duration interval) {
    nextLookup = System.nanoTime();
    long period = interval.toNanos();
    thread.scheduleWithFixedDelay(this::tick, period, period, TimeUnit.NANOSECONDS);
  }

  private void tick() {
    try {
      long now = System.nanoTime();
      if (now - nextLookup >= 0) {
        lookUp(now);
      }
      if (statsd != null) {
        flush.flush(statsd);
      }
    } catch (RuntimeException failure) {
      // The next tick tries again; it must come, so nothing may leave this method.
      LOG.debug("meters could not be sent to statsd at {}", address, failure);
    }
  }

  private void lookUp(long now) {
    try {
      InetAddress found = lookup.find(address.host());
      if (!found.equals(target)) {
        connect(found);
      }
      retry = FIRST_RETRY;
      nextLookup = now + LOOKUP_INTERVAL.toNanos();
    } catch (UnknownHostException | StatsDClientException failure) {
      missed(now, failure);
    }
  }

  private void connect(InetAddress found) {
    // An address, not a name: the library looks names up in its constructor and leaks a socket
    // where that fails.
    var connected =
        new NonBlockingStatsDClient(
            "",
            found.getHostAddress(),
            address.port(),
            failure ->
                LOG.debug("packet to statsd at {} is lost: {}", address, failure.toString()));
    stop();
    statsd = connected;
    target = found;
    LOG.debug("sending meters to statsd at {}", address);
  }

  private void missed(long now, Exception failure) {
    if (!warned && statsd == null) {
      warned = true;
      LOG.warn(
          "statsd at {} cannot be reached, meters wait in memory and it is tried again:"
              + " check RP_STATSD_HOST, or set RP_STATSD_HOST and RP_STATSD_PORT to nothing: {}",
          address,
          failure.toString());
    }
    long jittered = retry.toNanos() / 2 + ThreadLocalRandom.current().nextLong(retry.toNanos());
    nextLookup = now + jittered;
    Duration doubled = retry.multipliedBy(2);
    retry = doubled.compareTo(LAST_RETRY) < 0 ? doubled : LAST_RETRY;
  }

  private void last() {
    tick();
    stop();
  }

  private void stop() {
    if (statsd != null) {
      statsd.stop();
    }
  }

  /** Sends what is left and stops; waits two seconds at most. */
  @Override
  public void close() {
    if (thread.isShutdown()) {
      return;
    }
    thread.execute(this::last);
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException interrupted) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}

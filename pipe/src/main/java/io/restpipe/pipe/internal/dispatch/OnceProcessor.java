package io.restpipe.pipe.internal.dispatch;

import io.restpipe.event.Event;
import io.restpipe.event.EventProcessor;
import io.restpipe.event.Exchange;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that an event whose verb is not idempotent runs at most once, however often it comes:
 * a second arrival with the same peer and id gets the reply of the first. A handler whose
 * connection breaks goes on until its deadline, for its sender may come back and ask again.
 *
 * <p>Replies of up to {@link Limits#replyBytes} are kept for a while. Where there is no room for
 * all, the oldest are let go first, and a second arrival is told that the event has run and with
 * which code. Events with idempotent verbs pass untouched. Any thread.
 */
public final class OnceProcessor implements EventProcessor {

  /**
   * What is kept.
   *
   * @param keep how long an event is remembered after its reply
   * @param entries the most events to remember, running ones included; beyond it the oldest
   *     answered one is forgotten, and where all are running a new one is refused
   * @param bytes the most memory for kept replies
   * @param replyBytes the longest body of a reply that is kept
   */
  public record Limits(Duration keep, int entries, long bytes, int replyBytes) {

    /** 2 minutes; 10,000 events; 16 MiB; 64 KiB a reply. */
    public static final Limits DEFAULT =
        new Limits(Duration.ofMinutes(2), 10_000, 16 * 1024 * 1024, 64 * 1024);

    public Limits {
      if (keep.isNegative() || entries < 1 || bytes < 0 || replyBytes < 0) {
        throw new IllegalArgumentException(
            "a limit of remembered events is out of range: "
                + keep
                + ", "
                + entries
                + " entries, "
                + bytes
                + " bytes, "
                + replyBytes
                + " bytes a reply");
      }
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(OnceProcessor.class);

  private final EventProcessor next;
  private final Limits limits;
  private final LongSupplier nanoTime;

  /** Guards everything here and in the runs. Held for moments, never while foreign code runs. */
  private final Object lock = new Object();

  private final Map<OnceKey, OnceRun> runs = new LinkedHashMap<>();

  /** Answered, the oldest first. */
  private final ArrayDeque<OnceRun> answered = new ArrayDeque<>();

  /** Those of {@link #answered} whose reply is kept, in the same order. */
  private final ArrayDeque<OnceRun> kept = new ArrayDeque<>();

  private long keptBytes;

  /** What an event is known by; the caller is empty where the peer speaks for itself. */
  record OnceKey(String peer, String caller, String eventId) {}

  public OnceProcessor(EventProcessor next) {
    this(next, Limits.DEFAULT);
  }

  public OnceProcessor(EventProcessor next, Limits limits) {
    this(next, limits, System::nanoTime);
  }

  OnceProcessor(EventProcessor next, Limits limits, LongSupplier nanoTime) {
    this.next = next;
    this.limits = limits;
    this.nanoTime = nanoTime;
  }

  @Override
  public void process(Exchange exchange) {
    if (exchange.event().verb().idempotent()) {
      next.process(exchange);
      return;
    }
    var key = new OnceKey(exchange.peer().name(), caller(exchange), exchange.eventId());
    int fingerprint = fingerprint(exchange.event());
    while (true) {
      OnceRun known;
      OnceRun fresh = null;
      synchronized (lock) {
        known = runs.get(key);
        if (known == null && makeRoom()) {
          fresh = new OnceRun(this, lock, key, fingerprint, limits.replyBytes(), exchange);
          runs.put(key, fresh);
        }
      }
      if (fresh != null) {
        start(fresh, exchange);
        return;
      }
      if (known == null) {
        exchange.event().body().discard();
        exchange.refuse(
            Exchange.Refusal.OVERLOADED,
            limits.entries() + " events that must not run twice are running: no more at once");
        return;
      }
      if (known.join(exchange, fingerprint)) {
        exchange.event().body().discard();
        return;
      }
      // It was refused in the meantime, and so has not run: begin anew.
    }
  }

  /** Two callers may use the same id; neither is to get the other's reply. */
  private static String caller(Exchange exchange) {
    return exchange.event().caller().isEmpty() ? "" : exchange.caller().toString();
  }

  private void start(OnceRun run, Exchange exchange) {
    Exchange once = run.begin(exchange);
    try {
      next.process(once);
    } catch (RuntimeException broken) {
      LOG.error("{} [{}] not processed", exchange.peer().name(), exchange.eventId(), broken);
      once.reply(ExceptionReply.of(broken));
    }
  }

  private static int fingerprint(Event event) {
    return Objects.hash(event.verb(), event.noun(), event.parameters(), event.query());
  }

  /** Holding the lock. Forgets what is old; false if one more would still be too many. */
  private boolean makeRoom() {
    OnceRun oldest = answered.peek();
    while (oldest != null && (isOld(oldest) || runs.size() >= limits.entries())) {
      answered.remove();
      release(oldest);
      runs.remove(oldest.key());
      oldest = answered.peek();
    }
    return runs.size() < limits.entries();
  }

  private boolean isOld(OnceRun run) {
    return nanoTime.getAsLong() - run.answeredNanos() > limits.keep().toNanos();
  }

  private void release(OnceRun run) {
    if (kept.peek() == run) {
      kept.remove();
      keptBytes -= run.keptBytes();
      run.release();
    }
  }

  /** Holding the lock: a run has its answer, and may have a reply to keep. */
  void answered(OnceRun run) {
    answered.add(run);
    if (run.keptBytes() > 0) {
      kept.add(run);
      keptBytes += run.keptBytes();
      OnceRun oldest = kept.peek();
      while (keptBytes > limits.bytes() && oldest != null) {
        release(oldest);
        oldest = kept.peek();
      }
    }
  }

  /** Holding the lock: a run was refused, which means that nothing has run. */
  void refused(OnceRun run) {
    runs.remove(run.key());
  }

  long now() {
    return nanoTime.getAsLong();
  }

  /** How many events are remembered, running ones included. */
  public int remembered() {
    synchronized (lock) {
      return runs.size();
    }
  }

  /** How much memory the kept replies take. */
  public long keptBytes() {
    synchronized (lock) {
      return keptBytes;
    }
  }
}

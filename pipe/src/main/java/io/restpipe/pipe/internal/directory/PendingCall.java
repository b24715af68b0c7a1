package io.restpipe.pipe.internal.directory;

import io.restpipe.event.Event;
import io.restpipe.event.Reply;
import io.restpipe.pipe.PipeException;
import io.restpipe.pipe.PipeException.Reason;
import io.restpipe.pipe.internal.connection.Call;
import io.restpipe.pipe.internal.connection.Connection;
import io.restpipe.pipe.internal.connection.ReplyReceiver;
import io.restpipe.pipe.internal.wire.Hello;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One event on its way, over as many connections as it takes: waits for the peer, sends, and after
 * a lost connection sends again where that is safe.
 *
 * <ul>
 *   <li>An event that no peer can have run is sent again, whatever its verb.
 *   <li>An idempotent one is sent again to any connection of that name.
 *   <li>Another one is sent again to the same process only, which knows its id and runs it once.
 * </ul>
 *
 * <p>All three need a body that can be sent again: one in memory, or one that was not begun. The
 * steps follow one another, each on the thread that brought the news; {@link #call} is the only
 * field that cancelling shares with them.
 */
final class PendingCall extends CompletableFuture<Reply> implements ReplyReceiver, Waiter {

  /** A receiver keeps ids for two minutes (docs/protocol.md section 11.3), less some delay. */
  private static final Duration REMEMBERED = Duration.ofSeconds(110);

  /** A longer timeout is taken as this one: it is the longest that the protocol knows. */
  private static final Duration LONGEST = Duration.ofDays(366);

  private static final long FIRST_DELAY_MILLIS = 5;
  private static final long MOST_DELAY_MILLIS = 1_000;

  private final Directory directory;
  private final String name;
  private final Event event;
  private final String id;
  private final long deadline;

  /** Until when to wait for the first connection. */
  private long waitUntil;

  private volatile @Nullable Call call;
  private @Nullable Connection connection;
  private @Nullable Waiting waiting;

  /** The process that may have run the event already. */
  private @Nullable String ranAt;

  private boolean resent;

  private int retries;

  /** When the connection broke over which the event may first have been run. */
  private long lostAt;

  PendingCall(Directory directory, String name, Event event) {
    this.directory = directory;
    this.name = name;
    this.event = event;
    this.id = event.id().orElseGet(directory.ids()::next);
    long now = System.nanoTime();
    this.deadline = now + nanos(event.timeout().orElse(directory.eventTimeout()));
    this.waitUntil = Math.min(deadline, now + nanos(directory.peerWait()));
  }

  private static long nanos(Duration timeout) {
    return timeout.compareTo(LONGEST) < 0 ? timeout.toNanos() : LONGEST.toNanos();
  }

  String name() {
    return name;
  }

  /** Looks for a connection and sends, or waits. */
  void attempt() {
    if (isDone()) {
      abandonBody();
      return;
    }
    directory.find(this);
  }

  /** Looks again, because a connection has come. */
  @Override
  public void wake() {
    stopWaiting();
    attempt();
  }

  /** There is a connection. */
  void send(Connection found) {
    if (ranAt != null && !event.verb().idempotent() && !remembers(found)) {
      fail(
          new PipeException(
              Reason.CONNECTION_LOST,
              true,
              name + " no longer remembers the event: whether it was run is not known",
              null,
              null));
      return;
    }
    long remaining = deadline - System.nanoTime();
    if (remaining <= 0) {
      fail(timedOut());
      return;
    }
    if (!mayGo(found)) {
      return;
    }
    connection = found;
    found.send(event, id, Duration.ofNanos(remaining), resent, this);
    // The reply may be here already, with its body still under way: that one is to go on.
    if (isCancelled()) {
      cancelCall();
    }
  }

  /** Fails what is not to be sent there. What is sent again was allowed before. */
  private boolean mayGo(Connection found) {
    if (!resent && forbidden(found.peer().name())) {
      return false;
    }
    if (event.relayTo().isPresent() && !found.theirs().features().contains(Hello.RELAY)) {
      fail(
          new PipeException(
              Reason.FORBIDDEN,
              "the server passes nothing on from client to client: its version is too old"));
      return false;
    }
    return true;
  }

  private boolean forbidden(String peer) {
    String why = directory.forbids(peer, event);
    if (why == null) {
      return false;
    }
    fail(new PipeException(Reason.FORBIDDEN, why));
    return true;
  }

  @Override
  public void calling(Call made) {
    call = made;
  }

  /** Whether the peer is the process that may have run the event, and still knows its id. */
  private boolean remembers(Connection found) {
    return found.theirs().instance().equals(ranAt)
        && System.nanoTime() - lostAt < REMEMBERED.toNanos();
  }

  /** There is no connection now: waits for one, within the bounds. */
  void await(PeerEntry entry) {
    if (!resent && forbidden(entry.name)) {
      return;
    }
    long remaining = Math.min(waitUntil, deadline) - System.nanoTime();
    if (!entry.known()) {
      remaining = Math.min(remaining, directory.unknownWait());
    }
    if (remaining <= 0) {
      fail(notConnected(entry));
      return;
    }
    if (!directory.mayWait()) {
      fail(
          new PipeException(
              Reason.OVERLOADED,
              false,
              "too many events wait for peers that are not connected",
              directory.retryAfter(),
              null));
      return;
    }
    var wait = new Waiting(entry);
    begin(wait);
    if (!entry.await(this) || directory.closed()) {
      stopWaiting();
      attempt();
    } else if (isDone()) {
      stopWaiting();
    } else {
      wait.limit(remaining);
    }
  }

  @Override
  public void replied(Reply reply) {
    if (!complete(reply)) {
      reply.body().discard();
    }
  }

  @Override
  public void failed(PipeException failure) {
    boolean lost = failure.reason() == Reason.CONNECTION_LOST;
    boolean notRun = !failure.outcomeUnknown() && (lost || failure.reason() == Reason.DRAINING);
    boolean maybeRun = failure.outcomeUnknown() && lost;
    if (isDone() || !(notRun || maybeRun) || !canSendAgain() || expired()) {
      fail(failure);
      return;
    }
    if (maybeRun) {
      if (!resent) {
        lostAt = System.nanoTime();
      }
      resent = true;
      ranAt = connection == null ? null : connection.theirs().instance();
    }
    // From here on the event was accepted once: it waits for its peer as long as its caller does.
    waitUntil = deadline;
    call = null;
    directory.later(this::attempt, nextDelay());
  }

  @Override
  public void failedForGood(PipeException failure) {
    fail(failure);
  }

  /**
   * None at first; then more and more, for a peer may refuse each time without a reason to wait.
   */
  private Duration nextDelay() {
    int before = retries++;
    return before == 0
        ? Duration.ZERO
        : Duration.ofMillis(
            Math.min(MOST_DELAY_MILLIS, FIRST_DELAY_MILLIS << Math.min(before, 10)));
  }

  private boolean expired() {
    return deadline - System.nanoTime() <= 0;
  }

  private boolean canSendAgain() {
    return event.body().whole() != null || !bodyTaken();
  }

  private boolean bodyTaken() {
    Call current = call;
    return current != null && current.bodyTaken();
  }

  void fail(PipeException failure) {
    completeExceptionally(failure);
    abandonBody();
  }

  /** Nobody sends it any more. */
  private void abandonBody() {
    if (!bodyTaken()) {
      event.body().discard();
    }
  }

  private PipeException notConnected(PeerEntry entry) {
    if (!entry.known()) {
      return new PipeException(
          Reason.UNKNOWN_PEER,
          "no client has the name " + name + ", and it is the address of none");
    }
    if (ranAt != null) {
      return new PipeException(
          Reason.CONNECTION_LOST,
          true,
          "the connection to " + name + " broke and did not come back in time",
          directory.retryAfter(),
          null);
    }
    return new PipeException(
        Reason.NOT_CONNECTED, false, name + " is not connected", directory.retryAfter(), null);
  }

  private PipeException timedOut() {
    return new PipeException(
        Reason.TIMED_OUT, ranAt != null, "no reply from " + name + " in time", null, null);
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    if (cancelled) {
      cancelCall();
      directory.soon(this::stopWaiting);
    }
    return cancelled;
  }

  private void cancelCall() {
    Call current = call;
    if (current != null) {
      current.cancel();
    } else {
      abandonBody();
    }
  }

  private synchronized void begin(Waiting wait) {
    waiting = wait;
  }

  private synchronized void stopWaiting() {
    Waiting current = waiting;
    waiting = null;
    if (current != null) {
      current.end();
    }
  }

  /** A place in the queue of a name, and the timer that ends it. */
  private final class Waiting {

    private final PeerEntry entry;
    private @Nullable Future<?> timer;
    private boolean ended;

    Waiting(PeerEntry entry) {
      this.entry = entry;
      directory.waiting(1);
    }

    /** The wait may be over before this is reached. */
    synchronized void limit(long nanos) {
      if (!ended) {
        timer = directory.timer().schedule(this::expire, nanos, TimeUnit.NANOSECONDS);
      }
    }

    private void expire() {
      if (entry.forget(PendingCall.this)) {
        stopWaiting();
        fail(notConnected(entry));
      }
    }

    synchronized void end() {
      ended = true;
      if (timer != null) {
        timer.cancel(false);
      }
      entry.forget(PendingCall.this);
      directory.waiting(-1);
      directory.dropIfUnused(entry);
    }
  }
}

package io.restpipe.pipe.internal.legacy;

import io.restpipe.pipe.PipeException;
import io.restpipe.pipe.PipeException.Reason;
import io.restpipe.pipe.internal.wire.V1Reply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one connection: which wait, and which the peer has. The peer runs one event after
 * the other, and while it does answers no heartbeat; so it is given a few at once as long as it is
 * quick, and one at a time when it is not. On the loop.
 */
final class V1Calls {

  /** Twenty quick events at once are known to be fine. */
  private static final int MOST_AT_ONCE = 16;

  /** The peer's own loop takes up to a second and a half for one event when it is idle. */
  private static final long QUICK = TimeUnit.SECONDS.toNanos(2);

  /** A call that nobody waits for counts as running for this long; it cannot be cancelled. */
  private static final long FORGET_SECONDS = 30;

  private static final long FIRST_ID = 1_000_000_000L;
  private static final long LAST_ID = 4_294_967_295L;

  private final V1Connection connection;
  private final Map<Integer, V1Call> open = new HashMap<>();
  private final ArrayDeque<V1Call> waiting = new ArrayDeque<>();

  private long waitingBytes;
  private int window = 1;

  /** When the peer last finished one. */
  private long lastReply = System.nanoTime();

  V1Calls(V1Connection connection) {
    this.connection = connection;
  }

  int count() {
    return open.size() + waiting.size();
  }

  boolean isOpen(int id) {
    return open.containsKey(id);
  }

  boolean running() {
    return !open.isEmpty();
  }

  void submit(V1Call call) {
    try {
      connection.requireOpen();
    } catch (PipeException closed) {
      call.fail(closed);
      return;
    }
    V1Settings settings = connection.settings();
    if (waiting.size() >= settings.maxWaiting()
        || waitingBytes + call.bytes() > settings.maxHeld()) {
      call.fail(
          new PipeException(
              Reason.OVERLOADED,
              connection.name() + " is of version 1 and slow: too many events wait for it"));
      return;
    }
    waiting.add(call);
    waitingBytes += call.bytes();
    sendNext();
  }

  /** Sends as many as the peer may have now. */
  void sendNext() {
    while (!waiting.isEmpty() && mayHaveMore()) {
      V1Call call = waiting.remove();
      waitingBytes -= call.bytes();
      int id = newId();
      open.put(id, call);
      call.sending();
      connection.sendEvent(id, call.request());
    }
    connection.countChanged();
  }

  private boolean mayHaveMore() {
    if (!connection.writable() || open.size() >= window) {
      return false;
    }
    return open.isEmpty() || System.nanoTime() - servedSince() < QUICK;
  }

  /** Since when the peer has been running the oldest of them. */
  private long servedSince() {
    long oldest = Long.MAX_VALUE;
    for (V1Call call : open.values()) {
      oldest = Math.min(oldest, call.sentAt() - lastReply);
    }
    return lastReply + Math.max(0, oldest);
  }

  /** Random as the peer's own, but none that is in use at either end. */
  int newId() {
    int id;
    do {
      id = (int) ThreadLocalRandom.current().nextLong(FIRST_ID, LAST_ID + 1);
    } while (connection.isUsed(id));
    return id;
  }

  /** A reply that fits no call is dropped. */
  void replied(int id, V1Reply reply) {
    V1Call call = open.get(id);
    if (call == null) {
      connection.dropped(id);
      return;
    }
    boolean quick = System.nanoTime() - servedSince() < QUICK;
    open.remove(id);
    lastReply = System.nanoTime();
    window = quick ? Math.min(MOST_AT_ONCE, window * 2) : 1;
    if (!call.settled()) {
      connection.answered(lastReply - call.sentAt());
    }
    call.replied(reply);
    sendNext();
  }

  /** Nobody waits for it any more. */
  void settled(V1Call call) {
    if (waiting.remove(call)) {
      waitingBytes -= call.bytes();
    } else {
      Integer id = idOf(call);
      if (id != null) {
        connection.loop().schedule(() -> forget(id, call), FORGET_SECONDS, TimeUnit.SECONDS);
      }
    }
    connection.countChanged();
  }

  private @Nullable Integer idOf(V1Call call) {
    for (Map.Entry<Integer, V1Call> entry : open.entrySet()) {
      if (entry.getValue() == call) {
        return entry.getKey();
      }
    }
    return null;
  }

  private void forget(Integer id, V1Call call) {
    if (open.remove(id, call)) {
      sendNext();
    }
  }

  /** The connection is gone. */
  void lose(String why) {
    List<V1Call> all = new ArrayList<>(open.values());
    all.addAll(waiting);
    open.clear();
    waiting.clear();
    waitingBytes = 0;
    all.forEach(call -> call.lost(why));
  }
}

package io.restpipe.pipe.internal.connection;

import io.netty.channel.EventLoop;
import io.restpipe.pipe.internal.wire.ProtocolException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Says what is written next: control frames first, then heads in order, then bodies. A body that
 * begins goes ahead of those that have had their first run, which take turns, a frame each: short
 * bodies arrive whole, one after the other, instead of all at once at the end. Long ones keep a
 * fifth of the connection however many begin. Holds back while the channel is not writable, so a
 * head waits behind no more than what the channel may hold. On the loop.
 */
final class FrameScheduler {

  /** Flushes before other channels of the loop, and our own reading, have a turn. */
  private static final int FLUSHES_A_TURN = 8;

  /** What a body may write before it takes turns with others. */
  static final int FIRST_RUN_BYTES = 64 * 1024;

  private final EventLoop loop;
  private final Outgoing out;
  private final ControlFrames control;
  private final WriteWatch watch;
  private final Runnable turn = this::turn;

  private final ArrayDeque<Stream> heads = new ArrayDeque<>();

  /** Bodies in their first run. */
  private final ArrayDeque<OutboundBody> beginning = new ArrayDeque<>();

  /** Bodies that have had it. */
  private final ArrayDeque<OutboundBody> bodies = new ArrayDeque<>();

  /** What bodies in their first run have written since one of the others had a turn. */
  private long ahead;

  /** Bodies that wait for credit of the connection. */
  private final ArrayDeque<OutboundBody> starved = new ArrayDeque<>();

  private long connectionCredit;

  /** Nothing is written before both ends have greeted each other, nor after the end. */
  private boolean open;

  /** A batch is being read or drained; its end writes. */
  private boolean inBatch;

  private boolean writing;
  private boolean scheduled;

  FrameScheduler(EventLoop loop, Outgoing out, ControlFrames control, WriteWatch watch) {
    this.loop = loop;
    this.out = out;
    this.control = control;
    this.watch = watch;
  }

  void open(long connectionCredit) {
    this.connectionCredit = connectionCredit;
    open = true;
  }

  /** Writes nothing more by itself. */
  void stop() {
    open = false;
  }

  void close() {
    open = false;
    heads.clear();
    beginning.clear();
    bodies.clear();
    starved.clear();
  }

  void head(Stream stream) {
    heads.add(stream);
  }

  /** Calls whose head waits to be written. */
  List<OutboundCall> unsentCalls() {
    var calls = new ArrayList<OutboundCall>();
    for (Stream stream : heads) {
      if (stream instanceof OutboundCall call) {
        calls.add(call);
      }
    }
    return calls;
  }

  /** Each body is in here once at a time. */
  void body(OutboundBody body) {
    (body.sent() < FIRST_RUN_BYTES ? beginning : bodies).add(body);
  }

  /** One that goes on in its first run stays at the head of the line. */
  void again(OutboundBody body) {
    if (body.sent() < FIRST_RUN_BYTES) {
      beginning.addFirst(body);
    } else {
      bodies.add(body);
    }
  }

  long connectionCredit() {
    return connectionCredit;
  }

  void spend(int bytes) {
    connectionCredit -= bytes;
  }

  void earn(int bytes) throws ProtocolException {
    connectionCredit += bytes;
    if (connectionCredit > Integer.MAX_VALUE) {
      throw ProtocolException.limit("credit of the connection exceeds " + Integer.MAX_VALUE);
    }
    OutboundBody body;
    while ((body = starved.poll()) != null) {
      body(body);
    }
  }

  void beginBatch() {
    inBatch = true;
  }

  /** Writes what the batch has brought, with one flush where the channel takes it. */
  void endBatch() {
    inBatch = false;
    write();
  }

  /** The channel takes more. */
  void writable() {
    if (!inBatch) {
      write();
    }
  }

  /** There may be something to write; it is, at the end of this batch or turn of the loop. */
  void wake() {
    assert loop.inEventLoop() : "not on the loop";
    if (!inBatch && !writing && !scheduled) {
      scheduled = true;
      loop.execute(turn);
    }
  }

  private void turn() {
    scheduled = false;
    write();
  }

  void write() {
    assert loop.inEventLoop() : "not on the loop";
    if (writing || !open) {
      return;
    }
    writing = true;
    boolean more;
    try {
      int flushes = 0;
      do {
        more = fill();
        out.flush();
      } while (more && open && out.writable() && ++flushes < FLUSHES_A_TURN);
    } finally {
      writing = false;
    }
    watch.wrote();
    if (more && open && out.writable()) {
      wake();
    }
  }

  /** Writes until the channel has enough, and says whether anything is left. */
  private boolean fill() {
    while (open && out.writable()) {
      if (control.waiting()) {
        control.write(out);
      } else if (!heads.isEmpty()) {
        // Taken off only then: where the connection turns out to be broken, it is not forgotten.
        heads.element().writeHead(out);
        heads.poll();
        out.wrote();
      } else if (!beginning.isEmpty() && (bodies.isEmpty() || ahead < FIRST_RUN_BYTES)) {
        ahead += next(beginning.remove());
      } else if (!bodies.isEmpty()) {
        ahead = 0;
        next(bodies.remove());
      } else {
        return false;
      }
    }
    return control.waiting() || !heads.isEmpty() || !beginning.isEmpty() || !bodies.isEmpty();
  }

  /** Gives a body its turn, and says how much it has written. */
  private long next(OutboundBody body) {
    if (connectionCredit == 0 && body.needsCredit()) {
      starved.add(body);
      return 0;
    }
    long before = body.sent();
    body.writeFrame(out);
    out.wrote();
    return body.sent() - before;
  }
}

package io.restpipe.pipe.internal.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.restpipe.event.Body;
import io.restpipe.event.BodyException;
import io.restpipe.pipe.internal.wire.CancelCode;
import io.restpipe.pipe.internal.wire.FrameWriter;
import io.restpipe.pipe.internal.wire.ProtocolException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One event and its reply, at either end: a head and a body each way. It is closed when both halves
 * have ended; what was received but not read yet stays until its reader or its deadline takes it.
 * On the loop, except where a subclass says so.
 */
abstract class Stream extends LoopTask {

  /** A body up to this size that comes in one read is handed over in memory. */
  static final int WHOLE_BYTES = 16 * 1024;

  final PipeConnection connection;
  final long timeout;

  /** Zero until the event's head is written. */
  int id;

  /** How many bytes of body we may send. */
  long sendCredit;

  /** When it expires, in {@link System#nanoTime}; moves on with each byte of body that moves. */
  long deadline;

  /** Owned by {@link DeadlineWheel}. */
  int timerSlot = -1;

  @Nullable Stream timerNext;
  @Nullable Stream timerPrevious;

  private @Nullable OutboundBody outbound;
  private @Nullable InboundBody inbound;

  private boolean sending = true;
  private boolean receiving = true;
  private boolean unwanted;
  private boolean delivered;
  private boolean closed;
  private long announced;

  Stream(PipeConnection connection, long timeout) {
    this.connection = connection;
    this.timeout = timeout;
    this.deadline = System.nanoTime() + timeout;
  }

  abstract void writeHead(Outgoing out);

  /** Hands what came in to whoever waits for it. */
  abstract void deliver(Body body);

  abstract void expired();

  /** The body that we send broke off at its source. */
  abstract void bodyFailed(Throwable failure);

  abstract void cancelledByPeer(CancelCode code, String text);

  abstract void connectionLost(String why);

  final boolean closed() {
    return closed;
  }

  final boolean delivered() {
    return delivered;
  }

  final boolean receiving() {
    return receiving;
  }

  /** Whether the deadline still matters. */
  final boolean timed() {
    return !closed || unread();
  }

  private boolean unread() {
    return inbound != null && !inbound.finished();
  }

  final void progress() {
    deadline = System.nanoTime() + timeout;
  }

  // What comes in.

  final void headReceived(long bodyLength, boolean end) {
    announced = bodyLength;
    if (end) {
      receiving = false;
      delivered = true;
      deliver(Body.empty());
      closeIfEnded();
    } else {
      connection.deliverLater(this);
    }
  }

  /** The bytes have been charged to the connection. */
  final void receive(ByteBuf bytes, boolean end) throws ProtocolException {
    int count = bytes.readableBytes();
    if (!receiving) {
      bytes.release();
      connection.read(count);
      if (!unwanted) {
        throw new ProtocolException("DATA after the end of the body on stream " + id);
      }
      return;
    }
    progress();
    if (inbound == null && end && count <= WHOLE_BYTES) {
      receiveWhole(bytes);
      return;
    }
    InboundBody body = inboundBody();
    body.append(bytes, end);
    if (end) {
      receiving = false;
      deliverNow();
      body.flow();
      closeIfEnded();
    } else {
      body.flow();
    }
  }

  private void receiveWhole(ByteBuf bytes) throws ProtocolException {
    int count = bytes.readableBytes();
    byte[] array;
    try {
      array = ByteBufUtil.getBytes(bytes, bytes.readerIndex(), count, false);
    } finally {
      bytes.release();
    }
    connection.read(count);
    if (announced >= 0 && announced != count) {
      throw wrongLength(id, announced, count);
    }
    receiving = false;
    delivered = true;
    deliver(Body.of(array));
    closeIfEnded();
  }

  static ProtocolException wrongLength(int stream, long announced, long count) {
    return new ProtocolException(
        "body of stream " + stream + " was announced with " + announced + " bytes, not " + count);
  }

  private InboundBody inboundBody() {
    InboundBody body = inbound;
    if (body == null) {
      body = new InboundBody(this, announced);
      inbound = body;
    }
    return body;
  }

  /** Hands over what has come, if that has not been done. */
  final void deliverNow() {
    if (delivered || closed) {
      return;
    }
    delivered = true;
    InboundBody body = inboundBody();
    if (!receiving && body.buffered() <= WHOLE_BYTES) {
      deliver(Body.of(body.takeAll()));
    } else {
      deliver(body);
    }
  }

  /** The reader does not want the rest. */
  final void inboundUnwanted() {
    if (receiving) {
      receiving = false;
      unwanted = true;
      connection.control().cancel(id, CancelCode.BODY_UNWANTED, "");
      connection.wake();
      closeIfEnded();
    }
    inboundFinished();
  }

  /** All that came in has been read or given up. */
  final void inboundFinished() {
    if (closed) {
      connection.deadlines().remove(this);
    }
  }

  // What goes out.

  /** Sends a body after its head was written; {@code whole} if it is in memory. */
  final void sendBody(Outgoing out, Body body, @Nullable ByteBuffer whole) {
    int size = whole == null ? -1 : whole.remaining();
    if (whole != null
        && size <= FrameWriter.MAX_DATA_BYTES
        && size <= sendCredit
        && size <= connection.scheduler().connectionCredit()) {
      ByteBuf batch = out.batch(size + FrameWriter.HEADER_BYTES);
      FrameWriter.dataHeader(batch, id, size, true);
      batch.writeBytes(whole);
      spend(size);
      outboundEnded();
      return;
    }
    outbound = new OutboundBody(this, body, whole);
    outbound.start();
  }

  final void spend(int bytes) {
    sendCredit -= bytes;
    connection.scheduler().spend(bytes);
  }

  final void outboundEnded() {
    sending = false;
    closeIfEnded();
  }

  /** The peer lets us send more. */
  final void earn(int bytes) throws ProtocolException {
    sendCredit += bytes;
    if (sendCredit > Integer.MAX_VALUE) {
      throw ProtocolException.limit("credit of stream " + id + " exceeds " + Integer.MAX_VALUE);
    }
    progress();
    if (outbound != null) {
      outbound.schedule();
    }
  }

  /** The peer does not want the rest of our body. */
  final void outboundUnwanted() {
    if (sending && outbound != null) {
      outbound.stop();
      outboundEnded();
    }
  }

  // The end.

  /** Ends both halves here, and tells the peer where it knows of the stream. */
  final void cancel(CancelCode code, String text, boolean evenUnread) {
    if (!closed && id != 0) {
      connection.control().cancel(id, code, text);
      connection.wake();
    }
    end(text, evenUnread);
  }

  /**
   * Ends both halves here.
   *
   * @param evenUnread whether a body that is complete but not read is taken away, too
   */
  final void end(String why, boolean evenUnread) {
    if (outbound != null) {
      outbound.stop();
    }
    InboundBody body = inbound;
    if (body != null && (evenUnread || receiving)) {
      receiving = false;
      body.breakOff(new BodyException(BodyException.Reason.BROKEN_OFF, why));
    }
    close();
  }

  private void closeIfEnded() {
    if (!sending && !receiving) {
      close();
    }
  }

  private void close() {
    if (closed) {
      return;
    }
    closed = true;
    sending = false;
    receiving = false;
    if (!unread()) {
      connection.deadlines().remove(this);
    }
    ended();
  }

  /** The stream has left the wire. */
  abstract void ended();
}

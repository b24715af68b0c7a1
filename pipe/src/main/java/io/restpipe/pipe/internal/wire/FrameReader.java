package io.restpipe.pipe.internal.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Cuts the bytes of one connection into frames. Keeps at most one incomplete head or control frame,
 * on the heap and never longer than {@link Limits#HEAD_BYTES}; body bytes are passed on as they
 * come. Not thread-safe.
 *
 * <pre>
 *   0       1       2               6               10
 *   | type  | flags | length (u32)  | stream (u32)  | payload ...   big-endian
 * </pre>
 */
public final class FrameReader {

  /**
   * A piece of a body below this size is copied, so that a tiny body does not keep a whole read
   * buffer alive.
   */
  static final int COPY_BELOW = 4 * 1024;

  /** What a reader keeps between frames; a larger head gets an array of its own. */
  private static final int SCRATCH_BYTES = 4 * 1024;

  private static final int FIRST_BYTES = 512;

  private final FrameSink sink;
  private final int maxDataBytes;
  private final HeadDecoder heads = new HeadDecoder();

  private byte[] kept = new byte[FIRST_BYTES];

  /** Bytes in {@link #kept}: of the header, or of the payload of the frame that has begun. */
  private int keptLength;

  private boolean inFrame;
  private int type;
  private int flags;
  private int stream;
  private int length;

  /** Bytes still to come of a frame that is passed on or skipped rather than kept. */
  private int remaining;

  private boolean closed;

  public FrameReader(FrameSink sink) {
    this(sink, FrameWriter.MAX_DATA_BYTES);
  }

  /** {@code maxDataBytes}: the longest payload of a DATA frame that is taken. */
  public FrameReader(FrameSink sink, int maxDataBytes) {
    this.sink = sink;
    this.maxDataBytes = maxDataBytes;
  }

  /**
   * Reads all of {@code in} and releases it. Once this has thrown, or the reader is closed (the
   * sink may do that), bytes are released unread.
   *
   * @throws ProtocolException if the bytes break the protocol, or the sink says so
   */
  public void read(ByteBuf in) throws ProtocolException {
    boolean sound = false;
    try {
      while (!closed && step(in)) {}
      sound = true;
    } finally {
      if (!sound) {
        close();
      }
      in.release();
    }
  }

  /** Forgets what is incomplete. */
  public void close() {
    closed = true;
    kept = new byte[0];
    heads.close();
  }

  /** Whether there may be more to do. */
  private boolean step(ByteBuf in) throws ProtocolException {
    if (!inFrame && !header(in)) {
      return false;
    }
    switch (type) {
      case FrameType.HELLO,
          FrameType.EVENT,
          FrameType.REPLY,
          FrameType.CANCEL,
          FrameType.GOAWAY -> {
        return head(in);
      }
      case FrameType.CREDIT, FrameType.PING, FrameType.PONG -> {
        return control(in);
      }
      case FrameType.DATA -> {
        return data(in);
      }
      default -> {
        return skip(in);
      }
    }
  }

  private boolean header(ByteBuf in) throws ProtocolException {
    int available = in.readableBytes();
    if (keptLength == 0 && available >= FrameWriter.HEADER_BYTES) {
      int at = in.readerIndex();
      begin(in.getByte(at), in.getByte(at + 1), in.getInt(at + 2), in.getInt(at + 6));
      in.skipBytes(FrameWriter.HEADER_BYTES);
      return true;
    }
    if (!keep(in, FrameWriter.HEADER_BYTES)) {
      return false;
    }
    keptLength = 0;
    var header = ByteBuffer.wrap(kept);
    begin(header.get(), header.get(), header.getInt(), header.getInt());
    return true;
  }

  private void begin(byte type, byte flags, int length, int stream) throws ProtocolException {
    this.type = type & 0xff;
    this.flags = flags & 0xff;
    this.stream = stream;
    switch (this.type) {
      case FrameType.EVENT, FrameType.REPLY -> check(length, 0, Limits.HEAD_BYTES, true, 1);
      case FrameType.DATA -> check(length, end() ? 0 : 1, maxDataBytes, true, 1);
      case FrameType.CREDIT -> check(length, 4, 4, false, 0);
      case FrameType.CANCEL -> check(length, 2, 2 + Limits.TEXT_BYTES, false, 1);
      case FrameType.PING, FrameType.PONG -> check(length, 8, 8, false, -1);
      case FrameType.HELLO, FrameType.GOAWAY -> check(length, 0, Limits.HEAD_BYTES, false, -1);
      default -> checkUnknown(length);
    }
    this.length = length;
    this.remaining = length;
    this.inFrame = true;
  }

  /**
   * Checks the header of a frame of a known type.
   *
   * @param streamSign 1: on a stream; -1: on the connection, stream 0; 0: either
   */
  private void check(int length, int least, int most, boolean mayEnd, int streamSign)
      throws ProtocolException {
    int unknownFlags = flags & ~(FrameType.OPTIONAL | (mayEnd ? FrameType.END : 0));
    if (unknownFlags != 0) {
      throw broken("cannot have flags " + FrameType.hex(unknownFlags));
    }
    if (stream < 0 || (streamSign > 0 && stream == 0) || (streamSign < 0 && stream != 0)) {
      throw broken(
          "stream must be "
              + (streamSign < 0 ? "0" : (streamSign > 0 ? "1" : "0") + " to " + Integer.MAX_VALUE)
              + ": "
              + Integer.toUnsignedString(stream));
    }
    if (length < least || length > most) {
      throw broken(
          "payload must be "
              + (least == most ? "" : least + " to ")
              + most
              + " bytes: "
              + Integer.toUnsignedString(length));
    }
  }

  private void checkUnknown(int length) throws ProtocolException {
    if ((flags & FrameType.OPTIONAL) == 0) {
      throw new ProtocolException(
          "unknown frame type "
              + FrameType.hex(type)
              + (FrameType.isVersion1(type)
                  ? ": it belongs to version 1 of the protocol, this connection speaks version 2"
                  : " without the OPTIONAL flag"));
    }
    if (length < 0 || length > Limits.HEAD_BYTES) {
      throw broken(
          "payload must be 0 to "
              + Limits.HEAD_BYTES
              + " bytes: "
              + Integer.toUnsignedString(length));
    }
  }

  private boolean head(ByteBuf in) throws ProtocolException {
    if (!keep(in, length)) {
      return false;
    }
    keptLength = 0;
    inFrame = false;
    byte[] payload = kept;
    switch (type) {
      case FrameType.EVENT -> sink.event(stream, heads.event(payload, length, end()), end());
      case FrameType.REPLY -> sink.reply(stream, heads.reply(payload, length, end()), end());
      case FrameType.HELLO -> sink.hello(heads.hello(payload, length));
      case FrameType.GOAWAY -> sink.goAway(heads.goAway(payload, length));
      default -> cancel(payload);
    }
    if (kept.length > SCRATCH_BYTES) {
      kept = new byte[FIRST_BYTES];
      heads.close();
    }
    return true;
  }

  private void cancel(byte[] payload) throws ProtocolException {
    int number = (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
    sink.cancel(
        stream, CancelCode.of(number), HeadCursor.text("CANCEL", "text", payload, 2, length - 2));
  }

  private boolean control(ByteBuf in) throws ProtocolException {
    long value;
    if (keptLength == 0 && in.readableBytes() >= length) {
      value = length == 4 ? in.readUnsignedInt() : in.readLong();
    } else if (keep(in, length)) {
      keptLength = 0;
      var payload = ByteBuffer.wrap(kept);
      value = length == 4 ? Integer.toUnsignedLong(payload.getInt()) : payload.getLong();
    } else {
      return false;
    }
    inFrame = false;
    switch (type) {
      case FrameType.PING -> sink.ping(value);
      case FrameType.PONG -> sink.pong(value);
      default -> credit(value);
    }
    return true;
  }

  private void credit(long bytes) throws ProtocolException {
    if (bytes < 1 || bytes > Integer.MAX_VALUE) {
      throw broken("must be 1 to " + Integer.MAX_VALUE + ": " + bytes);
    }
    sink.credit(stream, (int) bytes);
  }

  private boolean data(ByteBuf in) throws ProtocolException {
    int count = Math.min(remaining, in.readableBytes());
    if (count == 0 && remaining > 0) {
      return false;
    }
    remaining -= count;
    inFrame = remaining > 0;
    sink.data(stream, piece(in, count), end() && !inFrame);
    return true;
  }

  private static ByteBuf piece(ByteBuf in, int count) {
    if (count == 0) {
      return Unpooled.EMPTY_BUFFER;
    }
    if (count >= COPY_BELOW) {
      return in.readRetainedSlice(count);
    }
    var copy = new byte[count];
    in.readBytes(copy);
    return Unpooled.wrappedBuffer(copy);
  }

  private boolean skip(ByteBuf in) {
    int count = Math.min(remaining, in.readableBytes());
    in.skipBytes(count);
    remaining -= count;
    inFrame = remaining > 0;
    return !inFrame;
  }

  /**
   * Copies bytes until {@code wanted} are kept, and says whether they are. The array grows with
   * what has come, not with what a header promises.
   */
  private boolean keep(ByteBuf in, int wanted) {
    int count = Math.min(wanted - keptLength, in.readableBytes());
    if (keptLength + count > kept.length) {
      int doubled = Math.min(wanted, kept.length * 2);
      kept = Arrays.copyOf(kept, Math.max(keptLength + count, doubled));
    }
    in.readBytes(kept, keptLength, count);
    keptLength += count;
    return keptLength == wanted;
  }

  private boolean end() {
    return (flags & FrameType.END) != 0;
  }

  private ProtocolException broken(String rule) {
    return new ProtocolException(FrameType.name(type) + " " + rule);
  }
}

package io.restpipe.pipe.internal.wire;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of one connection into frames of version 1. Tolerant of what its peers may send
 * (any flags, ids and versions; missing, reordered, repeated and unknown fields), but not of a
 * frame that is larger than allowed. Keeps at most one incomplete frame, on the heap, as long as
 * what has come of it. Not thread-safe.
 *
 * <pre>
 *   0       1       2               6               10
 *   | type  | flags | length (u32)  | id (u32)      | message ...   big-endian
 * </pre>
 */
public final class V1Reader {

  private static final int FIRST_BYTES = 512;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private final V1Sink sink;
  private final int maxFrameBytes;
  private final byte[] header = new byte[V1Format.HEADER_BYTES];

  private int headerLength;
  private int type;
  private int length;
  private int id;
  private byte[] body = new byte[0];
  private int bodyLength;
  private boolean closed;

  /** {@code maxFrameBytes}: the longest message that is taken. */
  public V1Reader(V1Sink sink, int maxFrameBytes) {
    this.sink = sink;
    this.maxFrameBytes = maxFrameBytes;
  }

  /**
   * Reads all of {@code in} and releases it. Once this has thrown, or the reader is closed (the
   * sink may do that), bytes are released unread.
   *
   * @throws ProtocolException if the bytes break the protocol
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
    body = new byte[0];
  }

  /** What has come of a frame that is not complete, for people; null if there is none. */
  public @Nullable String incomplete() {
    if (closed || headerLength == 0) {
      return null;
    }
    return headerLength < V1Format.HEADER_BYTES
        ? headerLength + " of the " + V1Format.HEADER_BYTES + " bytes of its header"
        : bodyLength + " of the " + length + " bytes of its " + V1Format.name(type);
  }

  /** Whether a frame was completed: there may be another one. */
  private boolean step(ByteBuf in) throws ProtocolException {
    if (headerLength < V1Format.HEADER_BYTES && !header(in)) {
      return false;
    }
    int count = Math.min(length - bodyLength, in.readableBytes());
    if (bodyLength + count > body.length) {
      // It grows with what has come, not with what the header promises.
      int doubled = (int) Math.min(length, Math.max(FIRST_BYTES, body.length * 2L));
      body = Arrays.copyOf(body, Math.max(bodyLength + count, doubled));
    }
    in.readBytes(body, bodyLength, count);
    bodyLength += count;
    if (bodyLength < length) {
      return false;
    }
    byte[] message = body;
    // The data of an event stay in this array.
    body = new byte[0];
    bodyLength = 0;
    headerLength = 0;
    deliver(message);
    return true;
  }

  private boolean header(ByteBuf in) throws ProtocolException {
    int count = Math.min(V1Format.HEADER_BYTES - headerLength, in.readableBytes());
    in.readBytes(header, headerLength, count);
    headerLength += count;
    if (headerLength < V1Format.HEADER_BYTES) {
      return false;
    }
    var fields = ByteBuffer.wrap(header);
    type = fields.get() & 0xff;
    fields.get(); // The flags mean nothing: 0 in practice.
    length = fields.getInt();
    id = fields.getInt();
    switch (type) {
      case V1Format.HEARTBEAT, V1Format.HEARTBEAT_REPLY, V1Format.EVENT, V1Format.EVENT_REPLY -> {}
      default -> throw new ProtocolException("unknown frame type " + FrameType.hex(type));
    }
    if (length < 0 || length > maxFrameBytes) {
      throw new ProtocolException(
          V1Format.name(type)
              + " must have at most "
              + maxFrameBytes
              + " bytes: "
              + Integer.toUnsignedString(length));
    }
    return true;
  }

  private void deliver(byte[] message) throws ProtocolException {
    var cursor = new V1Cursor(V1Format.name(type), message, length);
    switch (type) {
      case V1Format.HEARTBEAT -> {
        skipAll(cursor);
        sink.heartbeat(id);
      }
      case V1Format.HEARTBEAT_REPLY -> {
        skipAll(cursor);
        sink.heartbeatReply(id);
      }
      case V1Format.EVENT -> sink.event(id, event(cursor));
      default -> sink.reply(id, reply(cursor));
    }
  }

  private static void skipAll(V1Cursor cursor) throws ProtocolException {
    while (cursor.next()) {
      cursor.skip();
    }
  }

  private static V1Event event(V1Cursor cursor) throws ProtocolException {
    String verb = "";
    String noun = "";
    String mimeType = "";
    ByteBuffer data = NOTHING;
    while (cursor.next()) {
      if (cursor.is(V1Format.EVENT_VERB, V1Format.BYTES)) {
        verb = cursor.text("verb");
      } else if (cursor.is(V1Format.EVENT_NOUN, V1Format.BYTES)) {
        noun = cursor.text("noun");
      } else if (cursor.is(V1Format.EVENT_MIME_TYPE, V1Format.BYTES)) {
        mimeType = cursor.text("mimetype");
      } else if (cursor.is(V1Format.EVENT_DATA, V1Format.BYTES)) {
        data = cursor.data();
      } else {
        cursor.skip();
      }
    }
    return new V1Event(verb, noun, mimeType, data);
  }

  private static V1Reply reply(V1Cursor cursor) throws ProtocolException {
    String mimeType = "";
    long code = 0;
    ByteBuffer data = NOTHING;
    while (cursor.next()) {
      if (cursor.is(V1Format.REPLY_MIME_TYPE, V1Format.BYTES)) {
        mimeType = cursor.text("mimetype");
      } else if (cursor.is(V1Format.REPLY_CODE, V1Format.VARINT)) {
        code = cursor.number();
      } else if (cursor.is(V1Format.REPLY_DATA, V1Format.BYTES)) {
        data = cursor.data();
      } else {
        cursor.skip();
      }
    }
    return new V1Reply(mimeType, code, data);
  }
}

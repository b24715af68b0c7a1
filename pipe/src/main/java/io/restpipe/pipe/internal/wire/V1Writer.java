package io.restpipe.pipe.internal.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes frames of version 1, byte for byte as its peers do: every field, also an empty one, in
 * order, and flags of 0. Each frame is a buffer of its own, for each is to be one write.
 */
public final class V1Writer {

  private static final int VERSION = 1;
  private static final int MOST_TAGS = 64;

  private V1Writer() {}

  public static ByteBuf heartbeat(ByteBufAllocator allocator, int id) {
    return finish(version(begin(allocator, V1Format.HEARTBEAT, id, 0)));
  }

  public static ByteBuf heartbeatReply(ByteBufAllocator allocator, int id) {
    return finish(version(begin(allocator, V1Format.HEARTBEAT_REPLY, id, 0)));
  }

  public static ByteBuf event(ByteBufAllocator allocator, int id, V1Event event) {
    byte[] noun = event.noun().getBytes(StandardCharsets.UTF_8);
    byte[] mimeType = event.mimeType().getBytes(StandardCharsets.UTF_8);
    int size = noun.length + mimeType.length + event.data().remaining();
    ByteBuf frame = version(begin(allocator, V1Format.EVENT, id, size));
    bytes(frame, V1Format.EVENT_VERB, event.verb().getBytes(StandardCharsets.UTF_8));
    bytes(frame, V1Format.EVENT_NOUN, noun);
    bytes(frame, V1Format.EVENT_MIME_TYPE, mimeType);
    bytes(frame, V1Format.EVENT_DATA, event.data());
    return finish(frame);
  }

  public static ByteBuf reply(ByteBufAllocator allocator, int id, V1Reply reply) {
    byte[] mimeType = reply.mimeType().getBytes(StandardCharsets.UTF_8);
    int size = mimeType.length + reply.data().remaining();
    ByteBuf frame = version(begin(allocator, V1Format.EVENT_REPLY, id, size));
    bytes(frame, V1Format.REPLY_MIME_TYPE, mimeType);
    varint(frame, (V1Format.REPLY_CODE << 3) | V1Format.VARINT);
    varint(frame, reply.code());
    bytes(frame, V1Format.REPLY_DATA, reply.data());
    return finish(frame);
  }

  private static ByteBuf begin(ByteBufAllocator allocator, int type, int id, int size) {
    return allocator
        .buffer(V1Format.HEADER_BYTES + MOST_TAGS + size)
        .writeByte(type)
        .writeByte(0)
        .writeInt(0)
        .writeInt(id);
  }

  private static ByteBuf finish(ByteBuf frame) {
    return frame.setInt(2, frame.readableBytes() - V1Format.HEADER_BYTES);
  }

  private static ByteBuf version(ByteBuf frame) {
    varint(frame, (V1Format.VERSION << 3) | V1Format.VARINT);
    varint(frame, VERSION);
    return frame;
  }

  private static void bytes(ByteBuf frame, int field, byte[] value) {
    bytes(frame, field, ByteBuffer.wrap(value));
  }

  private static void bytes(ByteBuf frame, int field, ByteBuffer value) {
    varint(frame, (field << 3) | V1Format.BYTES);
    varint(frame, value.remaining());
    frame.writeBytes(value.duplicate());
  }

  private static void varint(ByteBuf frame, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      frame.writeByte((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    frame.writeByte((int) rest);
  }
}

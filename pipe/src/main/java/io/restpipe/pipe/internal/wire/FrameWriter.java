package io.restpipe.pipe.internal.wire;

import io.netty.buffer.ByteBuf;

/**
 * Writes frames as {@code docs/protocol.md} says. Each method appends one frame to a buffer. Where
 * it throws, the buffer is as it was.
 */
public final class FrameWriter {

  /** Bytes before the payload of every frame. */
  public static final int HEADER_BYTES = 10;

  /** The longest head that may be sent or is taken: 64 KiB. */
  public static final int MAX_HEAD_BYTES = Limits.HEAD_BYTES;

  /** The longest payload of a DATA frame: with its header, one TLS record of 16 KiB. */
  public static final int MAX_DATA_BYTES = 16 * 1024 - HEADER_BYTES;

  private FrameWriter() {}

  /**
   * Who speaks.
   *
   * @throws IllegalArgumentException if a value is out of the bounds of {@link Limits}
   */
  public static void hello(ByteBuf out, Hello hello) {
    int start = out.writerIndex();
    try {
      header(out, FrameType.HELLO, 0, 0, 0);
      HeadEncoder.hello(out, hello);
      finish(out, start);
    } catch (RuntimeException refused) {
      out.writerIndex(start);
      throw refused;
    }
  }

  /**
   * A timeout of less than 1 ms is sent as 1 ms, one of more than 366 days as 366 days.
   *
   * @throws IllegalArgumentException if the head is longer than {@link #MAX_HEAD_BYTES}, has more
   *     parameters or headers than {@link Limits} allows, or a text that is too long or not Unicode
   */
  public static void event(ByteBuf out, int stream, EventHead head, boolean end) {
    int start = out.writerIndex();
    try {
      header(out, FrameType.EVENT, endFlag(end), 0, checkStream(stream));
      HeadEncoder.event(out, head, end);
      finish(out, start);
    } catch (RuntimeException refused) {
      out.writerIndex(start);
      throw refused;
    }
  }

  /** As {@link #event}. */
  public static void reply(ByteBuf out, int stream, ReplyHead head, boolean end) {
    int start = out.writerIndex();
    try {
      header(out, FrameType.REPLY, endFlag(end), 0, checkStream(stream));
      HeadEncoder.reply(out, head, end);
      finish(out, start);
    } catch (RuntimeException refused) {
      out.writerIndex(start);
      throw refused;
    }
  }

  private static void finish(ByteBuf out, int start) {
    int length = out.writerIndex() - start - HEADER_BYTES;
    if (length > MAX_HEAD_BYTES) {
      throw new IllegalArgumentException(
          "head must have at most " + MAX_HEAD_BYTES + " bytes: " + length);
    }
    out.setInt(start + 2, length);
  }

  /**
   * The header of a DATA frame; exactly {@code length} bytes of body are to follow it.
   *
   * @throws IllegalArgumentException if the length is not 1 (with {@code end}: 0) to {@link
   *     #MAX_DATA_BYTES}
   */
  public static void dataHeader(ByteBuf out, int stream, int length, boolean end) {
    Limits.checkRange("DATA length", length, end ? 0 : 1, MAX_DATA_BYTES);
    header(out, FrameType.DATA, endFlag(end), length, checkStream(stream));
  }

  /** Stream 0: credit of the connection. */
  public static void credit(ByteBuf out, int stream, int bytes) {
    Limits.checkRange("credit", bytes, 1, Integer.MAX_VALUE);
    Limits.checkRange("stream", stream, 0, Integer.MAX_VALUE);
    header(out, FrameType.CREDIT, 0, Integer.BYTES, stream);
    out.writeInt(bytes);
  }

  /** The text is cut to {@link Limits#TEXT_BYTES}. */
  public static void cancel(ByteBuf out, int stream, CancelCode code, String text) {
    byte[] bytes = HeadEncoder.cut(text, Limits.TEXT_BYTES);
    header(out, FrameType.CANCEL, 0, Short.BYTES + bytes.length, checkStream(stream));
    out.writeShort(code.number()).writeBytes(bytes);
  }

  public static void ping(ByteBuf out, long token) {
    header(out, FrameType.PING, 0, Long.BYTES, 0);
    out.writeLong(token);
  }

  public static void pong(ByteBuf out, long token) {
    header(out, FrameType.PONG, 0, Long.BYTES, 0);
    out.writeLong(token);
  }

  /**
   * The text is cut to {@link Limits#TEXT_BYTES}.
   *
   * @throws IllegalArgumentException if a value is out of the bounds of {@link Limits}
   */
  public static void goAway(ByteBuf out, GoAway goAway) {
    int start = out.writerIndex();
    try {
      header(out, FrameType.GOAWAY, 0, 0, 0);
      HeadEncoder.goAway(out, goAway);
      finish(out, start);
    } catch (RuntimeException refused) {
      out.writerIndex(start);
      throw refused;
    }
  }

  private static int endFlag(boolean end) {
    return end ? FrameType.END : 0;
  }

  private static int checkStream(int stream) {
    Limits.checkRange("stream", stream, 1, Integer.MAX_VALUE);
    return stream;
  }

  private static void header(ByteBuf out, int type, int flags, int length, int stream) {
    out.writeByte(type).writeByte(flags).writeInt(length).writeInt(stream);
  }
}

package io.restpipe.pipe.internal.wire;

import io.netty.buffer.ByteBuf;

/** Writes frames as {@code docs/protocol.md} says. Each method appends one frame to a buffer. */
public final class FrameWriter {

  /** Bytes before the payload of every frame. */
  public static final int HEADER_BYTES = 10;

  /** The longest head or control payload that may be sent or is taken: 64 KiB. */
  public static final int MAX_HEAD_BYTES = 64 * 1024;

  /** The longest payload of a DATA frame: with its header, one TLS record of 16 KiB. */
  public static final int MAX_DATA_BYTES = 16 * 1024 - HEADER_BYTES;

  private FrameWriter() {}

  public static void hello(ByteBuf out, Hello hello) {}

  /**
   * @throws IllegalArgumentException if the head is longer than {@link #MAX_HEAD_BYTES} or has more
   *     parameters or headers than the protocol allows; {@code out} is then as it was
   */
  public static void event(ByteBuf out, int stream, EventHead head, boolean end) {}

  /** As {@link #event}. */
  public static void reply(ByteBuf out, int stream, ReplyHead head, boolean end) {}

  /** The header of a DATA frame; exactly {@code length} bytes of body are to follow it. */
  public static void dataHeader(ByteBuf out, int stream, int length, boolean end) {}

  public static void credit(ByteBuf out, int stream, int bytes) {}

  /** The text is cut to what fits. */
  public static void cancel(ByteBuf out, int stream, CancelCode code, String text) {}

  public static void ping(ByteBuf out, long token) {}

  public static void pong(ByteBuf out, long token) {}

  public static void goAway(ByteBuf out, GoAway goAway) {}
}

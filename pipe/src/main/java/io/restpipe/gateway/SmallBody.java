package io.restpipe.gateway;

import io.netty.buffer.ByteBuf;
import io.restpipe.event.Body;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Collects a body that is small, so that its event goes out in one piece and can be sent again
 * after a reconnect.
 */
final class SmallBody {

  /** The most bytes that are collected. */
  static final int LIMIT = 64 * 1024;

  private static final int FIRST_CAPACITY = 1024;

  private byte[] bytes;
  private int size;

  /**
   * Memory is taken as bytes come: the announced length is the caller's word.
   *
   * @param expected the announced length, or -1
   */
  SmallBody(long expected) {
    bytes = new byte[expected < 0 ? FIRST_CAPACITY : (int) Math.min(expected, FIRST_CAPACITY)];
  }

  void add(ByteBuf more) {
    int count = more.readableBytes();
    if (size + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + count, bytes.length * 2));
    }
    more.readBytes(bytes, size, count);
    size += count;
  }

  Body body() {
    return Body.of(ByteBuffer.wrap(bytes, 0, size));
  }
}

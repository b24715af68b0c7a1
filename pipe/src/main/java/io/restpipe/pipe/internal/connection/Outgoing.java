package io.restpipe.pipe.internal.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * Gathers frames into pooled buffers of up to four TLS records and hands them to the channel, one
 * write each. Bodies are copied here once: TLS needs each record in one piece and would do the same
 * copy, and chunks go back to their owners at once. On the loop.
 */
final class Outgoing {

  private static final int BATCH_BYTES = 64 * 1024;

  /** What TLS puts into one record (RFC 8446, section 5.1). */
  private static final int RECORD_BYTES = 16 * 1024;

  /** A frame of less is not worth its header: the next one crosses into the next record. */
  private static final int SMALLEST_ROOM = 1024;

  private static final int SMALLEST_BYTES = 1024;

  private final ChannelHandlerContext ctx;
  private final Headroom headroom;

  private @Nullable ByteBuf batch;

  /** As large as the last batch needed. */
  private int capacity = SMALLEST_BYTES;

  private boolean unflushed;
  private boolean closed;

  Outgoing(ChannelHandlerContext ctx, Headroom headroom) {
    this.ctx = ctx;
    this.headroom = headroom;
  }

  /** Whether the network keeps up; a few frames more do no harm. */
  boolean writable() {
    return !closed && ctx.channel().isWritable();
  }

  /**
   * How much of a frame of that size should be written now: one that ends with its record reaches
   * its reader in one piece.
   */
  int fitting(int size) {
    int room = RECORD_BYTES - (batch == null ? 0 : batch.readableBytes() % RECORD_BYTES);
    return size <= room || room < SMALLEST_ROOM ? size : room;
  }

  /**
   * Where to append a frame of about that size; {@link #wrote} is to be called then. May find out
   * that the connection is broken, and end it.
   */
  ByteBuf batch(int expected) {
    ByteBuf current = batch;
    if (current != null && current.readableBytes() + expected > BATCH_BYTES) {
      handOver();
      current = null;
    }
    if (current == null) {
      current = ctx.alloc().directBuffer(Math.max(capacity, expected));
      batch = current;
    }
    return current;
  }

  /** Hands a full batch over, so that {@link #writable} knows of it. */
  void wrote() {
    if (batch != null && (closed || batch.readableBytes() >= BATCH_BYTES)) {
      handOver();
    }
  }

  private void handOver() {
    ByteBuf full = batch;
    if (full == null) {
      return;
    }
    batch = null;
    int size = full.readableBytes();
    capacity = Math.max(SMALLEST_BYTES, Integer.highestOneBit(Math.min(size, BATCH_BYTES)));
    if (capacity < size) {
      capacity = Math.min(capacity * 2, BATCH_BYTES);
    }
    if (closed || size == 0) {
      full.release();
      return;
    }
    unflushed = true;
    // A failed write shows in exceptionCaught, and closes the channel.
    ctx.write(full, ctx.voidPromise());
    headroom.wrote(size);
  }

  void flush() {
    handOver();
    if (unflushed) {
      unflushed = false;
      ctx.flush();
    }
  }

  /** Runs when all that was written until now has gone to the network, or never will. */
  void whenFlushed(Runnable then) {
    handOver();
    unflushed = false;
    ctx.writeAndFlush(ctx.alloc().buffer(0, 0)).addListener(written -> then.run());
  }

  /** Releases what has not been handed over; nothing is written any more. */
  void close() {
    closed = true;
    handOver();
  }
}

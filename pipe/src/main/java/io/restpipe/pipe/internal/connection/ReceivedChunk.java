package io.restpipe.pipe.internal.connection;

import io.netty.buffer.ByteBuf;
import io.restpipe.event.Chunk;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/** A piece of a body from the network; releasing it lets the peer send more. */
final class ReceivedChunk implements Chunk {

  private final InboundBody body;
  private final ByteBuf bytes;
  private final int size;
  private final ByteBuffer view;
  private final AtomicBoolean released = new AtomicBoolean();

  ReceivedChunk(InboundBody body, ByteBuf bytes) {
    this.body = body;
    this.bytes = bytes;
    this.size = bytes.readableBytes();
    this.view = bytes.nioBuffer();
  }

  @Override
  public ByteBuffer buffer() {
    return view;
  }

  @Override
  public void release() {
    if (released.compareAndSet(false, true)) {
      bytes.release();
      body.released(size);
    }
  }

  /** Lets the peer send more, but keeps the bytes; they are the caller's to release. */
  ByteBuf keep() {
    ByteBuf kept = bytes.retain();
    release();
    return kept;
  }
}

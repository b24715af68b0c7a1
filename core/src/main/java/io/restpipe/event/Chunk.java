package io.restpipe.event;

import java.nio.ByteBuffer;

/**
 * A piece of a body. It has one owner: whoever receives it calls {@link #release} once, from any
 * thread, when the bytes are no longer needed, or passes it on. The sender is granted room for more
 * only then, so a chunk that is kept keeps its sender waiting.
 */
public interface Chunk {

  /** The bytes, from position to limit. Not valid after {@link #release}. */
  ByteBuffer buffer();

  /** Gives the memory back. Calling it a second time does nothing. */
  void release();

  /** A chunk of heap memory, which needs no release. */
  static Chunk of(ByteBuffer bytes) {
    return new Chunk() {
      @Override
      public ByteBuffer buffer() {
        return bytes;
      }

      @Override
      public void release() {}
    };
  }
}

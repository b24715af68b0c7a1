package io.restpipe.pipe.internal.dispatch;

import io.restpipe.event.Body;
import io.restpipe.event.Chunk;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/** A body that never comes, and that nobody is to read. */
final class UnreadBody implements Body {

  volatile boolean discarded;

  @Override
  public long length() {
    return UNKNOWN_LENGTH;
  }

  @Override
  public ByteBuffer whole() {
    return null;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super Chunk> subscriber) {
    throw new AssertionError("read");
  }

  @Override
  public void discard() {
    discarded = true;
  }
}

package io.restpipe.pipe.internal.connection;

/** An event that was given to a connection. */
public interface Call {

  /**
   * Gives the call up, and tells the other end. The receiver fails with {@code CANCELLED} unless it
   * was told something before; a reply body that is still under way breaks off. Any thread.
   */
  void cancel();

  /**
   * Whether the connection has begun to read the event's body. Until then the body is untouched,
   * and belongs to whoever sent the event. On the loop.
   */
  boolean bodyTaken();
}

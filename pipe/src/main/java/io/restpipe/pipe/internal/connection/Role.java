package io.restpipe.pipe.internal.connection;

/** Which end of a connection this is. */
public enum Role {
  /** Dialed; greets first and opens odd streams. */
  DIALER(1),
  /** Was dialed; opens even streams. */
  ACCEPTOR(2);

  private final int firstStream;

  Role(int firstStream) {
    this.firstStream = firstStream;
  }

  int firstStream() {
    return firstStream;
  }

  /** Whether a stream of that number is opened by this end. */
  boolean opens(int stream) {
    return (stream & 1) == (firstStream & 1);
  }
}

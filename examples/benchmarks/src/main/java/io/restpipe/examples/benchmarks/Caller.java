package io.restpipe.examples.benchmarks;

/** The calling end of a stack that is measured. */
interface Caller extends AutoCloseable {

  /** Sets what is sent with each call; only while nothing is under way. */
  void payload(byte[] payload);

  /**
   * Sends the payload and reads the answer to its end. The completion is told on the event loop of
   * the connection, and may call again from there.
   */
  void call(Completion completion);

  @Override
  void close();

  /** Told once for each call, always on the same thread. */
  interface Completion {

    /** The answer is here, with so many bytes of body. */
    void done(long bytes);

    void failed(Throwable failure);
  }
}

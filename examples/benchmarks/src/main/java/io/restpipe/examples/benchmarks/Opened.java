package io.restpipe.examples.benchmarks;

/**
 * One end of a connection that is open, or will be when the other end dials.
 *
 * @param <C> what to do with the connection
 */
interface Opened<C> extends AutoCloseable {

  /** Where it waits for the other end; 0 if it dialed. */
  int port();

  /** The connection; waits for it for some seconds. */
  C connected();

  @Override
  void close();
}

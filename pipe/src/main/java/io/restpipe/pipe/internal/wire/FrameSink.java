package io.restpipe.pipe.internal.wire;

import io.netty.buffer.ByteBuf;

/** Takes what a {@link FrameReader} reads, one call a frame, in the order of the wire. */
public interface FrameSink {

  void hello(Hello hello) throws ProtocolException;

  /** {@code end}: no body follows. */
  void event(int stream, EventHead head, boolean end) throws ProtocolException;

  /** {@code end}: no body follows. */
  void reply(int stream, ReplyHead head, boolean end) throws ProtocolException;

  /**
   * A piece of a body; a DATA frame may come in several pieces. {@code bytes} belongs to the sink,
   * which releases it; it is empty at most where {@code end} is set. {@code end}: the body is
   * whole.
   */
  void data(int stream, ByteBuf bytes, boolean end) throws ProtocolException;

  /** Stream 0: credit of the connection. */
  void credit(int stream, int bytes) throws ProtocolException;

  void cancel(int stream, CancelCode code, String text) throws ProtocolException;

  void ping(long token) throws ProtocolException;

  void pong(long token) throws ProtocolException;

  void goAway(GoAway goAway) throws ProtocolException;
}

package io.restpipe.pipe.internal.connection;

import io.restpipe.pipe.internal.wire.GoAway;
import io.restpipe.pipe.internal.wire.Hello;
import io.restpipe.pipe.internal.wire.ProtocolException;
import org.jspecify.annotations.Nullable;

/** Hears about the life of one connection, on its event loop. */
public interface ConnectionListener {

  /**
   * The peer has said who it is. At the accepting end, {@link Connection#accept} or {@link
   * Connection#close} is to be called, now or soon; at the dialing end the connection is ready.
   */
  void hello(Connection connection, Hello theirs);

  /** The peer takes no more events and says why. */
  void goAway(Connection connection, GoAway goAway);

  /** The peer broke the protocol, and is being cut off. */
  default void violated(Connection connection, ProtocolException violation) {}

  /** The peer went to a bound that it is held to; the connection goes on. */
  default void limitHit(Connection connection, String limit) {}

  /**
   * The connection is gone. Called once, always.
   *
   * @param received the peer's farewell, if there was one
   * @param cause what broke the connection, if it did not end in order
   */
  void closed(Connection connection, @Nullable GoAway received, @Nullable Throwable cause);
}

package io.restpipe.pipe.internal.link;

import io.restpipe.pipe.internal.connection.Connection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Told what becomes of dialing. On the dialer's event loop, or the connection's. */
public interface DialListener {

  /** A connection is up; {@code failedAttempts} came before it in this outage. */
  void connected(Connection connection, int failedAttempts, @Nullable Instant lastDisconnected);

  /** The connection that was up is not any more. */
  void disconnected(Connection connection, String cause);

  /** An attempt has failed; {@code cause} is a sentence. */
  void failed(String cause, int failedAttempts, @Nullable Instant lastDisconnected);
}

package io.restpipe.node;

import io.restpipe.security.QueuedSecurityLog;
import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEvent.Field;
import io.restpipe.security.SecurityEventKind;
import io.restpipe.security.SecurityLog;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The security log of a node, as its parts see it: it never waits, since it is told on event loops.
 *
 * @param log where events go
 * @param queue what is to be closed; null where events go nowhere
 */
record NodeSecurity(SecurityLog log, @Nullable QueuedSecurityLog queue) implements AutoCloseable {

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  static NodeSecurity of(SecurityLog configured) {
    if (configured == SecurityLog.NONE) {
      return new NodeSecurity(configured, null);
    }
    var queue = new QueuedSecurityLog(configured, CLOSE_TIMEOUT);
    return new NodeSecurity(queue, queue);
  }

  void started(String what) {
    log.log(
        SecurityEvent.builder(SecurityEventKind.NODE_STARTED).with(Field.MESSAGE, what).build());
  }

  void stopped() {
    log.log(SecurityEvent.builder(SecurityEventKind.NODE_STOPPED).build());
  }

  /** Waits a little until all is passed on. */
  @Override
  public void close() {
    if (queue != null) {
      queue.close();
    }
  }
}

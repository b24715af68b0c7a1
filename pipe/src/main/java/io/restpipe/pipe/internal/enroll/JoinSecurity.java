package io.restpipe.pipe.internal.enroll;

import io.netty.channel.Channel;
import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEvent.Field;
import io.restpipe.security.SecurityEventKind;
import io.restpipe.security.SecurityLog;
import java.net.InetSocketAddress;

/** Tells the security log of strangers that the enrollment never hears of. Any thread. */
final class JoinSecurity {

  private final SecurityLog log;

  JoinSecurity(SecurityLog log) {
    this.log = log;
  }

  /** What came is no request to join. */
  void malformed(Channel stranger, String why) {
    log.log(
        about(SecurityEventKind.FRAME_MALFORMED, stranger)
            .reason("not a request to join")
            .with(Field.MESSAGE, why)
            .build());
  }

  void limitHit(Channel stranger, String limit) {
    log.log(about(SecurityEventKind.LIMIT_HIT, stranger).with(Field.LIMIT, limit).build());
  }

  private static SecurityEvent.Builder about(SecurityEventKind kind, Channel stranger) {
    return SecurityEvent.builder(kind)
        .from(stranger.remoteAddress() instanceof InetSocketAddress address ? address : null);
  }
}

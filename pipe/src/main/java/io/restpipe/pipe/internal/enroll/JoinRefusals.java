package io.restpipe.pipe.internal.enroll;

import io.netty.channel.Channel;
import io.restpipe.pipe.internal.tls.LogLimit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs machines that may not join; any thread. Not all, for strangers must not fill the log. */
final class JoinRefusals {

  private static final Logger LOG = LoggerFactory.getLogger(JoinRefusals.class);

  private final LogLimit limit = new LogLimit();

  void refused(Channel stranger, String why) {
    int held = limit.next();
    if (held >= 0) {
      LOG.warn(
          "a machine at {} may not join: {}{}",
          stranger.remoteAddress(),
          why,
          LogLimit.shown(held));
    }
  }
}

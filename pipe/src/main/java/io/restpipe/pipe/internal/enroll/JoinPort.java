package io.restpipe.pipe.internal.enroll;

import io.netty.channel.Channel;
import io.restpipe.pipe.internal.tls.PortProtocol;
import io.restpipe.pipe.internal.tls.TlsContexts;
import io.restpipe.security.Enrollment;
import io.restpipe.security.SecurityLog;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.SSLSession;

/** Lets machines without a certificate join, on the port of the pipe. Any thread. */
public final class JoinPort {

  /** Strangers may open these: so many at once, and for some seconds each. */
  private static final int MAX_OPEN = 64;

  private final Supplier<TlsContexts> tls;
  private final Enrollment enrollment;
  private final Executor blocking;
  private final JoinSecurity security;
  private final JoinRefusals refusals = new JoinRefusals();
  private final AtomicInteger open = new AtomicInteger();

  /**
   * @param tls asked at each connection, so that it may change
   * @param blocking where the enrollment may wait
   * @param security told of strangers that the enrollment never hears of
   */
  public JoinPort(
      Supplier<TlsContexts> tls, Enrollment enrollment, Executor blocking, SecurityLog security) {
    this.tls = tls;
    this.enrollment = enrollment;
    this.blocking = blocking;
    this.security = new JoinSecurity(security);
  }

  /** The protocol, for the port. */
  public PortProtocol protocol() {
    return new PortProtocol(TlsContexts.JOIN, () -> tls.get().joiner(), this::secured);
  }

  private void secured(Channel channel, SSLSession session) {
    if (open.get() >= MAX_OPEN) {
      refusals.refused(channel, MAX_OPEN + " machines join at once");
      security.limitHit(channel, MAX_OPEN + " machines that join at once");
      JoinHandler.send(channel, Messages.refusal(JoinHandler.tooMany()));
      return;
    }
    JoinHandler.add(channel.pipeline(), enrollment, blocking, security, refusals, open);
  }
}

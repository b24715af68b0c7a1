package io.restpipe.gateway;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.security.cert.CertificateException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Tells the security log of callers whose TLS handshake is refused. Who goes away by itself, or
 * does not like our certificate, is not refused. On the connection's loop.
 */
final class CallerHandshake extends ChannelInboundHandlerAdapter {

  private static final int MAX_CAUSES = 20;
  private static final int MAX_LENGTH = 300;

  private static final Pattern NO_CERTIFICATE =
      Pattern.compile(
          "PEER_DID_NOT_RETURN_A_CERTIFICATE|[Ee]mpty client certificate chain|null cert chain");
  private static final Pattern OLD_VERSION =
      Pattern.compile("UNSUPPORTED_PROTOCOL|WRONG_VERSION_NUMBER|not enabled or supported in");

  /** What the caller says when it gives up, as the JDK and BoringSSL report it. */
  private static final Pattern GAVE_UP = Pattern.compile("fatal alert|_ALERT_|closed");

  private final GatewaySecurity security;

  CallerHandshake(GatewaySecurity security) {
    this.security = security;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent completion) {
      String reason = completion.isSuccess() ? null : reason(completion.cause());
      if (reason != null) {
        security.handshakeRefused(ctx.channel(), printable(reason));
      }
      ctx.pipeline().remove(this);
    }
    ctx.fireUserEventTriggered(event);
  }

  /** Null where nobody was refused. */
  private static @Nullable String reason(Throwable failure) {
    if (failure instanceof SslHandshakeTimeoutException) {
      return "caller did not finish the TLS handshake in time";
    }
    if (failure instanceof NotSslRecordException) {
      return "caller speaks no TLS";
    }
    if (!(failure instanceof SSLException)) {
      return null;
    }
    String message = String.valueOf(failure.getMessage());
    if (NO_CERTIFICATE.matcher(message).find()) {
      return "caller sent no certificate";
    }
    int depth = 0;
    for (Throwable t = failure; t != null && depth < MAX_CAUSES; t = t.getCause()) {
      depth++;
      if (t instanceof CertificateException) {
        return "caller's certificate is not accepted: " + t.getMessage();
      }
    }
    if (OLD_VERSION.matcher(message).find()) {
      return "caller speaks neither TLS 1.3 nor TLS 1.2";
    }
    return GAVE_UP.matcher(message).find() ? null : "TLS with the caller failed: " + message;
  }

  /** Parts of it may come from the caller. */
  private static String printable(String text) {
    String line = text.replaceAll("[^ -~]", "?");
    return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "...";
  }
}

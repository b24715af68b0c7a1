package io.restpipe.gateway;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One caller's connection: takes its requests one after the other, so responses leave in the order
 * of the requests. The socket is read only while something is wanted from it; what came along with
 * that (the next requests of a caller that does not wait) stays in {@link Arrived}, at most one
 * read of it. All state belongs to the channel's loop.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter implements CallerPatience.Owner {

  private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

  /** How long what still comes is taken after the last word, so that it arrives. */
  private static final long LINGER_SECONDS = 2;

  private final Channel channel;
  private final GatewayContext gateway;
  private final StrictRequestDecoder decoder;
  private final Remote remote;
  private final HeaderRules.Forwarded forwarded;
  private final CallerPatience patience;
  private final ChannelFutureListener written = this::written;

  private final Arrived arrived = new Arrived();
  private @Nullable CurrentRequest current;

  /** A read of the socket is under way. */
  private boolean reading;

  /** No request is taken after the current one. */
  private boolean last;

  /** All is said; what still comes is thrown away, so that closing does not cut the last words. */
  private boolean lingering;

  private boolean advancing;
  private boolean again;
  private boolean flushDue;

  HttpConnection(Channel channel, GatewayContext gateway, StrictRequestDecoder decoder) {
    this.channel = channel;
    this.gateway = gateway;
    this.decoder = decoder;
    this.remote = Remote.of(channel.remoteAddress());
    this.forwarded = forwarded(gateway.listener, remote);
    this.patience = new CallerPatience(channel.eventLoop(), gateway.options, this);
  }

  EventLoop loop() {
    return channel.eventLoop();
  }

  Channel channel() {
    return channel;
  }

  /**
   * The plain gateway hands on what it is told, as RestPipe 0.2 did; others believe proxies only.
   */
  private static HeaderRules.Forwarded forwarded(GatewayListener listener, Remote remote) {
    InetAddress direct = remote.address();
    boolean plain = !listener.guarded() && listener.proxies.isEmpty();
    boolean believed = plain || direct == null || listener.proxies.trusts(direct);
    return new HeaderRules.Forwarded(remote.ip(), believed);
  }

  Remote remote() {
    return remote;
  }

  /** What goes into X-Forwarded-For. */
  HeaderRules.Forwarded forwarded() {
    return forwarded;
  }

  /** The caller's certificate and its chain, verified; empty where it showed none. */
  List<X509Certificate> certificates() {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null
        || gateway.listener.clientCertificates == GatewayListener.ClientCertificates.NONE) {
      return List.of();
    }
    try {
      var chain = new ArrayList<X509Certificate>();
      for (Certificate certificate : tls.engine().getSession().getPeerCertificates()) {
        chain.add((X509Certificate) certificate);
      }
      return chain;
    } catch (SSLPeerUnverifiedException none) {
      return List.of();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    advance();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (lingering) {
      ReferenceCountUtil.release(message);
    } else {
      patience.progress();
      arrived.add(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    advance();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    advance();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    patience.stop();
    lingering = true;
    arrived.clear();
    if (current != null) {
      current.callerGone();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
    if (failure instanceof IOException || failure.getCause() instanceof SSLException) {
      LOG.debug("caller {}: {}", remote.text(), failure.toString());
      channel.close();
    } else {
      failed(failure);
    }
  }

  private void failed(Throwable defect) {
    LOG.error("caller {}: unexpected error {}", remote.text(), EventIds.next(), defect);
    channel.close();
  }

  /** Does whatever can be done now. Called whenever anything has changed. */
  void advance() {
    if (advancing) {
      again = true;
      return;
    }
    advancing = true;
    try {
      do {
        again = false;
        move();
      } while (again);
    } catch (RuntimeException defect) {
      failed(defect);
    } finally {
      advancing = false;
    }
  }

  private void move() {
    if (lingering) {
      channel.read();
    } else if (current == null) {
      take();
    } else {
      current.advance();
      if (current.over()) {
        current = null;
        next();
      }
    }
  }

  private void next() {
    if (last || gateway.closing()) {
      finish();
    } else {
      again = true;
    }
  }

  /** Takes the next request, unless the caller does not even take its responses. */
  private void take() {
    if (!channel.isWritable()) {
      return;
    }
    Object first = arrived.poll();
    if (first == null) {
      awaitRequest();
    } else if (first instanceof HttpRequest request) {
      patience.headComplete();
      current = new CurrentRequest(this, gateway, arrived);
      current.begin(request);
      again = true;
    } else {
      ReferenceCountUtil.release(first);
      again = true;
    }
  }

  private void awaitRequest() {
    if (gateway.closing()) {
      closeAfterWrites();
      return;
    }
    if (decoder.headBegun()) {
      patience.headBegan();
    }
    read();
  }

  void read() {
    if (!reading) {
      reading = true;
      patience.progress();
      channel.read();
    }
  }

  /** Ends the connection after the current request. */
  void lastRequest() {
    last = true;
  }

  /** Whether the connection goes on after the current response; what is said now is kept. */
  boolean staysOpen() {
    // Said with the first refusal already: a caller that kept the connection for its next request
    // would send it into the end of the connection, and not know whether it was run.
    if (gateway.refusing() || (current != null && !current.leavesConnectionUsable())) {
      last = true;
    }
    return !last;
  }

  /** Writes, without a flush. */
  ChannelFuture write(Object message) {
    patience.progress();
    return channel.write(message).addListener(written);
  }

  private void written(ChannelFuture future) {
    patience.progress();
    if (!future.isSuccess()) {
      channel.close();
    }
  }

  void flush() {
    channel.flush();
  }

  /** Flushes once after all that the loop has at hand, so that a batch goes out in one piece. */
  void flushSoon() {
    if (!flushDue) {
      flushDue = true;
      channel.eventLoop().execute(this::flushNow);
    }
  }

  private void flushNow() {
    flushDue = false;
    channel.flush();
  }

  /** Ends the connection when all that was written has left, and takes nothing more. */
  void closeAfterWrites() {
    stop();
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /** Ends the connection in a way that nobody takes for the orderly end of a response. */
  void reset() {
    stop();
    if (remote.ip() != null) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    }
    channel.close();
  }

  private void stop() {
    last = true;
    lingering = true;
    arrived.clear();
  }

  /** Ends the connection now. */
  void close() {
    channel.close();
  }

  /**
   * Ends the connection after all that was written. A socket closed with bytes unread resets the
   * connection, and the caller may lose the response: so where more may come, it is taken for a
   * while.
   */
  private void finish() {
    if (lingering) {
      return;
    }
    stop();
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> linger());
    channel.read();
  }

  private void linger() {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls != null && channel.isActive()) {
      tls.closeOutbound().addListener(said -> shutdown());
    } else {
      shutdown();
    }
  }

  private void shutdown() {
    if (channel instanceof DuplexChannel duplex && channel.isActive()) {
      duplex.shutdownOutput();
      loop().schedule(this::close, LINGER_SECONDS, TimeUnit.SECONDS);
    } else {
      channel.close();
    }
  }

  /** The gateway is closing: an idle connection ends at once, a busy one after its request. */
  void closeWhenIdle() {
    advance();
  }

  @Override
  public boolean waitsForCaller() {
    return current == null || current.waitsForCaller() || unsent();
  }

  private boolean unsent() {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    return buffer != null && buffer.totalPendingWriteBytes() > 0;
  }

  @Override
  public void late(CallerPatience.Late what) {
    CurrentRequest request = current;
    if (what == CallerPatience.Late.HEAD && request == null) {
      patience.headComplete();
      current = new CurrentRequest(this, gateway, arrived);
      current.headTooSlow();
      advance();
    } else if (what == CallerPatience.Late.PROGRESS && request != null && request.bodyTooSlow()) {
      advance();
    } else {
      channel.close();
    }
  }
}

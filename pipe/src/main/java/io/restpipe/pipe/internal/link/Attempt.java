package io.restpipe.pipe.internal.link;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.restpipe.pipe.internal.tls.HandshakeFailure;
import io.restpipe.pipe.internal.tls.TlsContexts;
import io.restpipe.pipe.internal.tls.TlsListener;
import io.restpipe.pipe.internal.tls.TlsPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to reach a server: look up the host, connect to one address after the other, shake
 * hands. On one event loop, except for the look-up.
 */
final class Attempt {

  static final int CONNECT_TIMEOUT_MILLIS = 5_000;

  /** Told once what came of it, on the loop; not at all after {@link #cancel}. */
  interface Outcome {
    void secured(Channel channel, TlsPeer server);

    void failed(Lane lane, String cause);
  }

  private final Bootstrap bootstrap;
  private final EventLoop loop;
  private final DialTarget target;
  private final Supplier<TlsContexts> tls;
  private final LinkSecurity security;
  private final Outcome outcome;
  private @Nullable Channel channel;
  private boolean done;

  Attempt(
      Bootstrap bootstrap,
      DialTarget target,
      Supplier<TlsContexts> tls,
      LinkSecurity security,
      Outcome outcome) {
    this.bootstrap = bootstrap;
    this.loop = (EventLoop) bootstrap.config().group();
    this.target = target;
    this.tls = tls;
    this.security = security;
    this.outcome = outcome;
  }

  /** {@code blocking} runs the look-up, which may block. */
  void start(Executor blocking) {
    try {
      blocking.execute(this::resolve);
    } catch (RejectedExecutionException busy) {
      fail(Lane.NETWORK, "cannot look up " + target.host() + " now: too many look-ups");
    }
  }

  void cancel() {
    done = true;
    if (channel != null) {
      channel.close();
    }
  }

  private void fail(Lane lane, String cause) {
    if (!done) {
      done = true;
      outcome.failed(lane, cause);
    }
  }

  private void resolve() {
    try {
      InetAddress[] addresses = InetAddress.getAllByName(target.host());
      onLoop(() -> connect(List.of(addresses), 0));
    } catch (IOException | RuntimeException unknown) {
      onLoop(
          () ->
              fail(
                  Lane.NETWORK,
                  "cannot find the host " + target.host() + ": check the name and the resolver"));
    }
  }

  /** A look-up may outlast the node. */
  private void onLoop(Runnable step) {
    try {
      loop.execute(step);
    } catch (RejectedExecutionException ended) {
      // The node is closed: nobody wants to know any more.
    }
  }

  private void connect(List<InetAddress> addresses, int index) {
    if (done) {
      return;
    }
    ChannelFuture connecting =
        bootstrap
            .clone()
            .handler(new Secure())
            .connect(new InetSocketAddress(addresses.get(index), target.port()));
    channel = connecting.channel();
    connecting.addListener(
        ended -> {
          if (!ended.isSuccess()) {
            if (index + 1 < addresses.size()) {
              connect(addresses, index + 1);
            } else {
              fail(Lane.NETWORK, "cannot connect to " + target + ": " + plain(ended.cause()));
            }
          }
        });
  }

  private static String plain(Throwable cause) {
    if (cause instanceof ConnectTimeoutException) {
      return "no answer within " + CONNECT_TIMEOUT_MILLIS / 1_000 + " seconds";
    }
    String message = String.valueOf(cause.getMessage());
    if (message.contains("Connection refused")) {
      return "nothing listens there (connection refused)";
    }
    return message;
  }

  /** TLS first; the connection follows when the server has proved itself. */
  private final class Secure extends ChannelInitializer<Channel> implements TlsListener {

    @Override
    protected void initChannel(Channel connected) {
      tls.get().dial(connected.pipeline(), target.host(), target.port(), this);
    }

    @Override
    public void secured(Channel secured, TlsPeer server) {
      if (done) {
        secured.close();
        return;
      }
      done = true;
      outcome.secured(secured, server);
    }

    @Override
    public void refused(Channel refused, HandshakeFailure failure) {
      security.refused(refused.remoteAddress(), failure);
      if (refused == channel) {
        fail(Lane.of(failure), "no secure connection to " + target + ": " + failure.sentence());
      }
    }
  }
}

package io.restpipe.pipe.internal.connection;

import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import io.restpipe.event.PeerInfo;
import io.restpipe.pipe.internal.wire.FrameWriter;
import io.restpipe.pipe.internal.wire.Hello;
import io.restpipe.pipe.internal.wire.ProtocolException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What both ends say of themselves at first, and who the peer is by it. On the loop, except that
 * any thread may ask {@link #peer} and {@link #theirs}.
 */
final class Greeting {

  private final Hello ours;
  private final String peerName;
  private final Duration patience;

  private volatile PeerInfo peer;
  private volatile @Nullable Hello theirs;
  private @Nullable ScheduledFuture<?> timeout;

  /**
   * @param peerName who the peer is by its certificate
   * @param patience how long to wait for the peer's HELLO
   */
  Greeting(Channel channel, Hello ours, String peerName, Duration patience) {
    this.ours = ours;
    this.peerName = peerName;
    this.patience = patience;
    this.peer = describe(channel, null);
  }

  PeerInfo peer() {
    return peer;
  }

  @Nullable Hello theirs() {
    return theirs;
  }

  /** The channel has the peer's address now. */
  void connected(Channel channel) {
    peer = describe(channel, null);
  }

  /** Runs {@code missing} unless the peer's HELLO comes in time. */
  void await(Channel channel, Runnable missing) {
    timeout = channel.eventLoop().schedule(missing, patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  void say(Outgoing out) {
    FrameWriter.hello(out.batch(512), ours);
    out.flush();
  }

  void received(Channel channel, Hello hello) throws ProtocolException {
    if (theirs != null) {
      throw new ProtocolException("second HELLO");
    }
    theirs = hello;
    peer = describe(channel, hello);
    stopWaiting();
  }

  void stopWaiting() {
    if (timeout != null) {
      timeout.cancel(false);
      timeout = null;
    }
  }

  private PeerInfo describe(Channel channel, @Nullable Hello hello) {
    InetSocketAddress address =
        channel.remoteAddress() instanceof InetSocketAddress remote
            ? remote
            : InetSocketAddress.createUnresolved("local", 0);
    return new PeerInfo(
        peerName,
        hello == null ? "" : hello.instance(),
        address,
        hello == null ? "" : hello.software(),
        2,
        hello == null ? Set.of() : Set.copyOf(hello.groups()),
        Instant.now());
  }
}

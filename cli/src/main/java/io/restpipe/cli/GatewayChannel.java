package io.restpipe.cli;

import io.restpipe.config.Endpoint;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Bytes to and from a local gateway, TCP or Unix domain socket. Broken off where nothing moves for
 * too long. One thread may read while another writes.
 */
final class GatewayChannel implements Closeable {

  private final SocketChannel channel;
  private final Duration patience;
  private volatile long lastMove = System.nanoTime();
  private volatile boolean expired;

  private GatewayChannel(SocketChannel channel, Duration patience) {
    this.channel = channel;
    this.patience = patience;
  }

  /** Connects; the patience counts from each byte that moves to the next. */
  static GatewayChannel open(Endpoint gateway, Duration patience) throws IOException {
    boolean unix = gateway instanceof Endpoint.Unix;
    SocketChannel channel =
        unix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
    var opened = new GatewayChannel(channel, patience);
    opened.watch();
    try {
      channel.connect(address(gateway));
      opened.moved();
      return opened;
    } catch (IOException failed) {
      channel.close();
      throw opened.explained(failed);
    }
  }

  private static SocketAddress address(Endpoint gateway) throws UnknownHostException {
    if (gateway instanceof Endpoint.Unix unix) {
      return UnixDomainSocketAddress.of(unix.path());
    }
    var tcp = (Endpoint.Tcp) gateway;
    var address = new InetSocketAddress(tcp.host(), tcp.port());
    if (address.isUnresolved()) {
      throw new UnknownHostException("unknown host: " + tcp.host());
    }
    // Who listens on every interface is reached by the loopback one.
    return address.getAddress().isAnyLocalAddress()
        ? new InetSocketAddress("localhost", tcp.port())
        : address;
  }

  private void watch() {
    var watch = new Thread(this::closeWhenStuck, "gateway-deadline");
    watch.setDaemon(true);
    watch.start();
  }

  private void closeWhenStuck() {
    while (channel.isOpen()) {
      long left = patience.toNanos() - (System.nanoTime() - lastMove);
      if (left > 0) {
        LockSupport.parkNanos(this, left);
      } else {
        expired = true;
        close();
      }
    }
  }

  private void moved() {
    lastMove = System.nanoTime();
  }

  InputStream in() {
    return new InputStream() {
      private final ByteBuffer buffer = ByteBuffer.allocate(16 * 1024).flip();

      @Override
      public int read() throws IOException {
        return buffer.hasRemaining() || fill() ? buffer.get() & 0xff : -1;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length > 0 && !buffer.hasRemaining() && !fill()) {
          return -1;
        }
        int count = Math.min(length, buffer.remaining());
        buffer.get(bytes, offset, count);
        return count;
      }

      private boolean fill() throws IOException {
        try {
          int count = channel.read(buffer.clear());
          moved();
          return count > 0;
        } catch (IOException failed) {
          throw explained(failed);
        } finally {
          buffer.flip();
        }
      }
    };
  }

  OutputStream out() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
          var buffer = ByteBuffer.wrap(bytes, offset, length);
          while (buffer.hasRemaining()) {
            channel.write(buffer);
            moved();
          }
        } catch (IOException failed) {
          throw explained(failed);
        }
      }
    };
  }

  private IOException explained(IOException failed) {
    boolean ours =
        failed instanceof AsynchronousCloseException || failed instanceof ClosedChannelException;
    return expired && ours
        ? new InterruptedIOException("nothing came for " + patience.toSeconds() + " s")
        : failed;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException ignored) {
      // Nothing is lost: what was to be read has been.
    }
  }
}

package io.restpipe.cef;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;

/**
 * One datagram each. Nobody says whether it arrived: what is lost is lost unseen. The host is
 * looked up once a minute.
 */
final class UdpTransport implements Transport {

  private static final long LOOK_UP = Duration.ofMinutes(1).toNanos();

  /** 65,535 bytes of a packet without the headers of IPv4 and UDP. */
  private static final int MAX_DATAGRAM = 65_507;

  private final String host;
  private final int port;
  private final DatagramChannel channel;
  private InetSocketAddress target;
  private long lookedUp;

  UdpTransport(String host, int port) throws IOException {
    this.host = host;
    this.port = port;
    this.target = new InetSocketAddress(host, port);
    this.lookedUp = System.nanoTime();
    // Not connected: then a collector that is down costs no errors of later datagrams.
    this.channel = DatagramChannel.open();
  }

  @Override
  public synchronized void send(byte[] message) throws IOException {
    channel.send(ByteBuffer.wrap(message), target());
  }

  @Override
  public int maxBytes() {
    return MAX_DATAGRAM;
  }

  private InetSocketAddress target() throws UnknownHostException {
    long now = System.nanoTime();
    if (target.isUnresolved() || now - lookedUp > LOOK_UP) {
      lookedUp = now;
      var found = new InetSocketAddress(host, port);
      target = found.isUnresolved() ? target : found;
    }
    if (target.isUnresolved()) {
      throw new UnknownHostException(host);
    }
    return target;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

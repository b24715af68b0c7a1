package io.restpipe.cef;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The socket of the syslog daemon of this machine. Java speaks to stream sockets only; where the
 * daemon listens for datagrams, as at /dev/log, the system's own {@code logger} program carries the
 * messages, one process for all of them. What listens there may change with every restart of the
 * daemon, and is found out anew.
 */
final class LocalTransport implements Transport {

  /** Begins the program that carries datagrams. */
  interface Carrier {
    LocalLink start() throws IOException;
  }

  /** A datagram of more may be refused by the system, which lets a socket have some 200 KiB. */
  private static final int MAX_DATAGRAM = 1 << 16;

  private final LocalSocket socket;
  private final Carrier carrier;

  // Held while a message is sent, which may take as long as the daemon does not read.
  private final ReentrantLock lock = new ReentrantLock();

  // Written under the lock. Read without it where a message that is stuck must be given up.
  private volatile @Nullable LocalLink link;

  private volatile boolean closed;

  LocalTransport(LocalSocket socket, Carrier carrier) throws IOException {
    this.socket = socket;
    this.carrier = carrier;
    link = connect();
  }

  private LocalLink connect() throws IOException {
    Optional<SocketChannel> stream = socket.connect();
    return stream.isPresent() ? new LocalStream(stream.get()) : carrier.start();
  }

  @Override
  public void send(byte[] message) throws IOException {
    lock.lock();
    try {
      LocalLink current = link;
      if (current == null) {
        current = connect();
        link = current;
      }
      // Looked at after the link was made known: whoever closes sees the one or we the other.
      if (closed) {
        throw new IOException("the socket was closed");
      }
      current.send(message);
    } catch (IOException e) {
      disconnect();
      throw e;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int maxBytes() {
    return MAX_DATAGRAM;
  }

  private void disconnect() throws IOException {
    LocalLink old = link;
    link = null;
    if (old != null) {
      old.close();
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    if (lock.tryLock()) {
      try {
        disconnect();
      } finally {
        lock.unlock();
      }
    } else {
      LocalLink stuck = link;
      if (stuck != null) {
        stuck.abort();
      }
    }
  }
}

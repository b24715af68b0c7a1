package io.restpipe.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A network that can be broken: forwards bytes to a port, or holds them, or cuts. */
final class TcpProxy implements AutoCloseable {

  private final InetSocketAddress target;
  private final ServerSocket listening;
  private final List<Socket> sockets = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean holding;

  TcpProxy(InetSocketAddress target) throws IOException {
    this.target = target;
    this.listening = new ServerSocket(0, 100, InetAddress.getByName("127.0.0.1"));
    daemon(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** From now on nothing gets through, and nobody is told. */
  void hold() {
    lock.lock();
    try {
      holding = true;
    } finally {
      lock.unlock();
    }
  }

  void release() {
    lock.lock();
    try {
      holding = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Cuts every connection that is up. */
  void cut() throws IOException {
    List<Socket> now;
    lock.lock();
    try {
      now = List.copyOf(sockets);
      sockets.clear();
    } finally {
      lock.unlock();
    }
    for (Socket socket : now) {
      socket.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket near = listening.accept();
        var far = new Socket();
        far.connect(target, 2_000);
        lock.lock();
        try {
          sockets.add(near);
          sockets.add(far);
        } finally {
          lock.unlock();
        }
        daemon(() -> copy(near, far));
        daemon(() -> copy(far, near));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void copy(Socket from, Socket to) {
    var buffer = new byte[16 * 1024];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        waitWhileHolding();
        out.write(buffer, 0, count);
      }
    } catch (IOException | InterruptedException cut) {
      // Both ends see it.
    }
  }

  private void waitWhileHolding() throws InterruptedException {
    lock.lock();
    try {
      while (holding) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private static void daemon(Runnable work) {
    var thread = new Thread(work, "test-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    cut();
    release();
  }
}

package io.restpipe.cef;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/** A collector on loopback that keeps every line it reads, and can be stopped at any time. */
final class ScriptedCollector implements Closeable {

  final List<String> lines;
  final AtomicInteger accepted = new AtomicInteger();
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** Port 0: any. The lines of an earlier one can be continued. */
  ScriptedCollector(ServerSocketFactory factory, int port, List<String> lines) throws IOException {
    this.lines = lines;
    this.server = factory.createServerSocket();
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    start(this::accept);
  }

  ScriptedCollector() throws IOException {
    this(ServerSocketFactory.getDefault(), 0, new CopyOnWriteArrayList<>());
  }

  int port() {
    return server.getLocalPort();
  }

  private static void start(Runnable task) {
    var thread = new Thread(task, "collector");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!closed) {
      try {
        Socket socket = server.accept();
        sockets.add(socket);
        accepted.incrementAndGet();
        start(() -> read(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void read(Socket socket) {
    try (socket;
        var in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      // The other side, or close(), ended it.
      sockets.remove(socket);
    }
  }

  /** Ends all connections as a process does that is told to stop. */
  @Override
  public void close() throws IOException {
    closed = true;
    server.close();
    for (Socket socket : sockets) {
      end(socket);
    }
  }

  /** As the system does for a process that ends: in order only if nothing is left unread. */
  private static void end(Socket socket) throws IOException {
    try (socket) {
      if (!socket.isClosed() && socket.getInputStream().available() > 0) {
        socket.setSoLinger(true, 0);
      }
    } catch (SocketException e) {
      // Its reader was quicker.
      socket.close();
    }
  }
}

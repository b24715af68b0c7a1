package io.restpipe.cef;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A collector that is reached over TCP.
 *
 * @param tls null for plain TCP; otherwise its certificate must be for the host
 */
record Collector(String host, int port, @Nullable SSLContext tls) {

  private static final int TIMEOUT = (int) Duration.ofSeconds(5).toMillis();

  /** Connects; takes ten seconds at most. */
  CollectorConnection connect() throws IOException {
    long start = System.nanoTime();
    var socket = new GatheringSocket();
    try {
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(host, port), TIMEOUT);
      refuseItself(socket);
      Duration roundTrip = Duration.ofNanos(System.nanoTime() - start);
      socket.setSoTimeout(TIMEOUT);
      Socket outer = tls == null ? socket : secure(tls, socket);
      return new CollectorConnection(this, socket, outer, roundTrip);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Where nobody listens on this machine, a connection may by chance come about with itself. */
  private static void refuseItself(Socket socket) throws ConnectException {
    if (socket.getLocalSocketAddress().equals(socket.getRemoteSocketAddress())) {
      throw new ConnectException("nobody listens there");
    }
  }

  /** Leaves the socket below open after the end of TLS: how that one ends is what counts. */
  private SSLSocket secure(SSLContext context, Socket socket) throws IOException {
    var secure = (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, false);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setProtocols(protocols(parameters));
    secure.setSSLParameters(parameters);
    secure.startHandshake();
    return secure;
  }

  private static String[] protocols(SSLParameters parameters) throws SocketException {
    Set<String> wanted = Set.of("TLSv1.3", "TLSv1.2");
    List<String> usable =
        Arrays.stream(parameters.getProtocols())
            .filter(wanted::contains)
            .collect(Collectors.toList());
    if (usable.isEmpty()) {
      throw new SocketException("this Java has neither TLS 1.3 nor TLS 1.2");
    }
    return usable.toArray(new String[0]);
  }

  @Override
  public String toString() {
    return (tls == null ? "tcp://" : "tls://") + host + ":" + port;
  }
}

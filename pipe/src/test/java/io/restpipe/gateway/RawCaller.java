package io.restpipe.gateway;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A caller that sends exactly the bytes that a test writes. Characters are bytes. */
final class RawCaller implements AutoCloseable {

  private static final int TIMEOUT_MILLIS = 15_000;

  private final Socket socket;
  private final InputStream in;

  RawCaller(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    in = socket.getInputStream();
  }

  /** A response as it came. */
  record Response(String statusLine, Map<String, String> headers, String body) {
    int status() {
      return Integer.parseInt(statusLine.split(" ", 3)[1]);
    }

    String header(String name) {
      return headers.get(name.toLowerCase(Locale.ROOT));
    }
  }

  Socket socket() {
    return socket;
  }

  void send(String bytes) throws IOException {
    send(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** Reads one response to its end. */
  Response response() throws IOException {
    Response head = head();
    boolean empty = head.status() < 200 || head.status() == 204 || head.status() == 304;
    String body = empty ? "" : body(head);
    return new Response(head.statusLine, head.headers, body);
  }

  private String body(Response head) throws IOException {
    if ("chunked".equals(head.header("Transfer-Encoding"))) {
      return chunks();
    }
    String length = head.header("Content-Length");
    if (length == null) {
      return rest();
    }
    return text(in.readNBytes(Integer.parseInt(length)));
  }

  private String chunks() throws IOException {
    var body = new StringBuilder();
    while (true) {
      int size = Integer.parseInt(line(), 16);
      body.append(text(in.readNBytes(size)));
      line();
      if (size == 0) {
        return body.toString();
      }
    }
  }

  /** Reads the head of a response only. */
  Response head() throws IOException {
    String statusLine = line();
    var headers = new LinkedHashMap<String, String>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.merge(
          line.substring(0, colon).toLowerCase(Locale.ROOT),
          line.substring(colon + 1).strip(),
          (first, second) -> first + ", " + second);
    }
    return new Response(statusLine, headers, "");
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("connection ended in a line: " + text(line.toByteArray()));
      }
      line.write(b);
    }
    return text(line.toByteArray()).stripTrailing();
  }

  /** Everything up to the end of the connection. */
  String rest() throws IOException {
    return text(in.readAllBytes());
  }

  InputStream in() {
    return in;
  }

  /** Whether the other side ends the connection, after nothing more. */
  boolean ended() throws IOException {
    return in.read() < 0;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

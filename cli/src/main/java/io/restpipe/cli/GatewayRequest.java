package io.restpipe.cli;

import io.restpipe.config.Endpoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 request to a local gateway. Its own few lines because the JDK's client knows no Unix
 * domain sockets, and its start takes longer than the call.
 */
final class GatewayRequest {

  private static final String ALLOWED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?%";

  private static final String CRLF = "\r\n";

  private final String method;
  private final String target;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private @Nullable Content content;

  /** What is sent along; a length below 0 is not known before. */
  record Content(InputStream stream, long length) {

    static Content of(byte[] bytes) {
      return new Content(new ByteArrayInputStream(bytes), bytes.length);
    }

    static Content of(Path file) throws IOException {
      return new Content(
          Files.newInputStream(file), Files.isRegularFile(file) ? Files.size(file) : -1);
    }
  }

  GatewayRequest(String method, String target) {
    this.method = method;
    this.target = escaped(target);
  }

  GatewayRequest header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  GatewayRequest content(Content newContent) {
    content = newContent;
    return this;
  }

  /** Escapes what cannot stand in a URL, and leaves what is escaped already. */
  static String escaped(String target) {
    var escaped = new StringBuilder();
    for (byte b : target.getBytes(StandardCharsets.UTF_8)) {
      if (b > 0 && ALLOWED.indexOf(b) >= 0) {
        escaped.append((char) b);
      } else {
        escaped.append('%').append(String.format("%02X", b));
      }
    }
    return escaped.toString();
  }

  /** Escapes a text so that it is one segment of a path. */
  static String segment(String text) {
    return escaped(text.replace("%", "%25")).replace("/", "%2F").replace("?", "%3F");
  }

  /**
   * Sends it, the content on a thread of its own: an answer may come before its end. The channel
   * stays open for the answer's body.
   */
  GatewayAnswer send(GatewayChannel channel, Endpoint gateway) throws IOException {
    channel.out().write(head(gateway).getBytes(StandardCharsets.ISO_8859_1));
    Content sent = content;
    if (sent != null) {
      var writer = new Thread(() -> write(sent, channel), "gateway-request");
      writer.setDaemon(true);
      writer.start();
    }
    return GatewayAnswer.read(channel.in(), method);
  }

  private String head(Endpoint gateway) {
    var head = new StringBuilder(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(gateway instanceof Endpoint.Unix ? "localhost" : gateway);
    head.append("\r\nConnection: close\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    Content sent = content;
    if (sent != null) {
      head.append(
          sent.length() < 0
              ? "Transfer-Encoding: chunked\r\n"
              : "Content-Length: " + sent.length() + "\r\n");
    }
    return head.append("\r\n").toString();
  }

  private static void write(Content content, GatewayChannel channel) {
    var buffer = new byte[16 * 1024];
    boolean chunked = content.length() < 0;
    try (InputStream in = content.stream()) {
      OutputStream out = channel.out();
      for (int count = read(in, buffer, channel); count >= 0; count = read(in, buffer, channel)) {
        if (chunked) {
          out.write((Integer.toHexString(count) + CRLF).getBytes(StandardCharsets.US_ASCII));
        }
        out.write(buffer, 0, count);
        if (chunked) {
          out.write(CRLF.getBytes(StandardCharsets.US_ASCII));
        }
      }
      if (chunked) {
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException broken) {
      // Either the gateway stopped reading, and its answer says why; or the channel is closed.
    }
  }

  /** Content that cannot be read to its end must not look whole: the channel is given up. */
  private static int read(InputStream in, byte[] buffer, GatewayChannel channel)
      throws IOException {
    try {
      return in.read(buffer);
    } catch (IOException unreadable) {
      channel.close();
      throw unreadable;
    }
  }
}

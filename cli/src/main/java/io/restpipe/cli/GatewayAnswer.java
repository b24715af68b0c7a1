package io.restpipe.cli;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a gateway answers: an HTTP/1.1 response (RFC 9112).
 *
 * @param headers by name in lower case; the last one of a name, but all challenges
 * @param body to its end, whatever its framing
 */
record GatewayAnswer(int status, String reason, Map<String, String> headers, InputStream body) {

  private static final int HEAD_LIMIT = 64 * 1024;
  private static final String NO_ANSWER = "the gateway closed the connection before it answered";
  private static final String CHALLENGES = "www-authenticate";
  private static final String BROKEN_OFF = "the answer broke off";

  /** Reads the head; the body is read from what this returns. */
  static GatewayAnswer read(InputStream in, String method) throws IOException {
    while (true) {
      var budget = new Budget(HEAD_LIMIT);
      String[] first = line(in, budget, NO_ANSWER).split(" ", 3);
      if (first.length < 2 || !first[0].startsWith("HTTP/1.") || !first[1].matches("\\d{3}")) {
        throw new IOException("what answers there does not speak HTTP/1.1");
      }
      int status = Integer.parseInt(first[1]);
      Map<String, String> headers = headers(in, budget);
      if (status >= 200) {
        String reason = first.length > 2 ? first[2] : "";
        return new GatewayAnswer(status, reason, headers, body(in, method, status, headers));
      }
    }
  }

  String header(String name) {
    return headers.getOrDefault(name, "");
  }

  private static Map<String, String> headers(InputStream in, Budget budget) throws IOException {
    var headers = new HashMap<String, String>();
    for (String line = line(in, budget, BROKEN_OFF);
        !line.isEmpty();
        line = line(in, budget, BROKEN_OFF)) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new IOException("malformed header in the answer");
      }
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      String value = line.substring(colon + 1).strip();
      boolean again = name.equals(CHALLENGES) && headers.containsKey(name);
      headers.put(name, again ? headers.get(name) + ", " + value : value);
    }
    return headers;
  }

  private static InputStream body(
      InputStream in, String method, int status, Map<String, String> headers) throws IOException {
    if (method.equals("HEAD") || status == 204 || status == 304) {
      return InputStream.nullInputStream();
    }
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      return new ChunkedBody(in);
    }
    String length = headers.get("content-length");
    return length == null ? in : new MeasuredBody(in, number(length, 10));
  }

  private static long number(String digits, int radix) throws IOException {
    try {
      long number = Long.parseLong(digits, radix);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // Said below.
    }
    throw new IOException("malformed length in the answer");
  }

  private static String line(InputStream in, Budget budget, String end) throws IOException {
    var bytes = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException(end);
      }
      budget.spend();
      bytes.write(b);
    }
    String line = bytes.toString(StandardCharsets.ISO_8859_1);
    return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
  }

  /** How many more bytes a head may have. */
  private static final class Budget {
    private int left;

    Budget(int left) {
      this.left = left;
    }

    void spend() throws IOException {
      if (--left < 0) {
        throw new IOException("the head of the answer is larger than " + HEAD_LIMIT + " bytes");
      }
    }
  }

  /** A body of a length said before; fails where it breaks off. */
  private static class MeasuredBody extends InputStream {
    private final InputStream in;
    private long left;

    MeasuredBody(InputStream in, long length) {
      this.in = in;
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left == 0 && !more()) {
        return -1;
      }
      int count = in.read(bytes, offset, (int) Math.min(length, left));
      if (count < 0) {
        throw new EOFException(BROKEN_OFF);
      }
      left -= count;
      return count;
    }

    boolean more() throws IOException {
      return false;
    }

    final void left(long length) {
      left = length;
    }
  }

  /** A body in chunks, each with its length. */
  private static final class ChunkedBody extends MeasuredBody {
    private final InputStream in;
    private boolean begun;
    private boolean ended;

    ChunkedBody(InputStream in) {
      super(in, 0);
      this.in = in;
    }

    @Override
    boolean more() throws IOException {
      if (ended) {
        return false;
      }
      var budget = new Budget(HEAD_LIMIT);
      if (begun) {
        line(in, budget, BROKEN_OFF);
      }
      begun = true;
      String size = line(in, budget, BROKEN_OFF);
      int extension = size.indexOf(';');
      long length = number((extension < 0 ? size : size.substring(0, extension)).strip(), 16);
      if (length == 0) {
        ended = true;
        while (!line(in, budget, BROKEN_OFF).isEmpty()) {
          // Trailers say nothing that a caller here needs.
        }
        return false;
      }
      left(length);
      return true;
    }
  }
}

package io.restpipe.security;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * All that a new machine needs to join a pipe, in one line that may be copied by hand, mail or
 * chat:
 *
 * <pre>
 * pipe.example.com:1234/rpj1.8e1c20f7.0b7e…(32).91ab…(64).5d0c41e2
 * HOST            :PORT/rpj1.ID      .SECRET    .FINGERPRINT.CHECKSUM
 * </pre>
 *
 * <p>ID, SECRET, FINGERPRINT and CHECKSUM are hexadecimal: 4, 16, 32 and 4 bytes. FINGERPRINT is
 * the SHA-256 of the certificate (DER) of the authority that the server's certificate leads to.
 * CHECKSUM is the CRC-32 (ISO 3309) of what stands before the dot, in lower case: it tells a line
 * that was altered on its way from one that the server does not know. An IPv6 address stands in
 * brackets.
 *
 * <p>Whoever has the line can join as its client: it is a secret until it is used.
 */
public final class JoinLine {

  private static final String VERSION = "rpj1";
  private static final int MAX_LENGTH = 1000;
  private static final Pattern LINE =
      Pattern.compile(
          "(?<host>\\[[0-9a-f:.]{2,45}]|[a-z0-9._-]{1,253}):(?<port>\\d{1,5})/"
              + VERSION
              + "\\.(?<id>[0-9a-f]{8})\\.(?<secret>[0-9a-f]{32})\\.(?<fingerprint>[0-9a-f]{64})"
              + "\\.(?<checksum>[0-9a-f]{8})");
  private static final Pattern OTHER_VERSION = Pattern.compile("[^/]*/rpj(?!1\\.)\\d+\\..*");

  private final String host;
  private final int port;
  private final String tokenId;
  private final String secret;
  private final String fingerprint;

  /**
   * @param host a host name, or an IPv4 or IPv6 address (without brackets)
   * @param port 1 to 65535
   * @param tokenId 8 hexadecimal digits: names the token in lists and logs
   * @param secret 32 hexadecimal digits
   * @param fingerprint 64 hexadecimal digits, see {@link #fingerprint(X509Certificate)}
   * @throws IllegalArgumentException if one is not what it should be
   */
  public JoinLine(String host, int port, String tokenId, String secret, String fingerprint) {
    this.host = host.toLowerCase(Locale.ROOT);
    this.port = port;
    this.tokenId = tokenId;
    this.secret = secret;
    this.fingerprint = fingerprint;
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port of a join line: must be 1 to 65535: " + port);
    }
    if (!LINE.matcher(text()).matches()) {
      throw new IllegalArgumentException("no join line can be made for the host \"" + host + '"');
    }
  }

  /**
   * Reads a line. White space within, as mail and terminals put it in, is passed over; so are
   * quotes around it, and the command before it.
   *
   * @throws IllegalArgumentException with a sentence that says what is wrong, and not the secret
   */
  public static JoinLine parse(String text) {
    String line =
        text.replaceFirst("^\\s*rp-client\\s+join\\s", "")
            .replaceAll("[\\s\"']", "")
            .toLowerCase(Locale.ROOT);
    if (line.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "the join line is longer than " + MAX_LENGTH + " characters: copy only the line");
    }
    if (OTHER_VERSION.matcher(line).matches()) {
      throw new IllegalArgumentException(
          "the join line is of another version of RestPipe: install the server's version here");
    }
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "this is no join line, or not all of it: copy the whole line that rp-server token create"
              + " printed (HOST:PORT/"
              + VERSION
              + ".…)");
    }
    int lastDot = line.lastIndexOf('.');
    int port = Integer.parseInt(matcher.group("port"));
    if (!checksum(line.substring(0, lastDot)).equals(matcher.group("checksum")) || port > 65535) {
      throw new IllegalArgumentException(
          "the join line was altered (its checksum is wrong): copy it again as rp-server token"
              + " create printed it");
    }
    String host = matcher.group("host");
    return new JoinLine(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        port,
        matcher.group("id"),
        matcher.group("secret"),
        matcher.group("fingerprint"));
  }

  /** The SHA-256 of a certificate, as 64 hexadecimal digits. */
  public static String fingerprint(X509Certificate certificate) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException("certificate can't be encoded", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }

  /** The server's host name or address, in lower case; an IPv6 address without brackets. */
  public String host() {
    return host;
  }

  /** The server's port. */
  public int port() {
    return port;
  }

  /** Names the token in lists and logs; no secret. */
  public String tokenId() {
    return tokenId;
  }

  /** What the server is told, and nobody else: {@code ID.SECRET}. */
  public String token() {
    return tokenId + '.' + secret;
  }

  /** The SHA-256 of the authority's certificate, as 64 hexadecimal digits. */
  public String fingerprint() {
    return fingerprint;
  }

  /** Whether this is the certificate of the line's authority. */
  public boolean isOf(X509Certificate authority) {
    return fingerprint(authority).equals(fingerprint);
  }

  /** The whole line, with its secret. */
  public String text() {
    String place = host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    String checked = place + '/' + VERSION + '.' + token() + '.' + fingerprint;
    return checked + '.' + checksum(checked);
  }

  private static String checksum(String text) {
    var crc = new CRC32();
    crc.update(text.getBytes(US_ASCII));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "join line of token " + tokenId + " for " + host + ":" + port;
  }
}

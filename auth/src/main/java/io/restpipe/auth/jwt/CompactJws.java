package io.restpipe.auth.jwt;

import io.restpipe.auth.jwt.JwtException.Reason;
import java.nio.charset.StandardCharsets;

/**
 * The three parts of a JWS in its compact form: {@code HEADER.PAYLOAD.SIGNATURE} (RFC 7515 section
 * 7.1). The JSON form, JWE, and a payload that is not there are refused.
 */
record CompactJws(String text, int firstDot, int secondDot) {

  static CompactJws split(String text) throws JwtException {
    int first = text.indexOf('.');
    int second = text.indexOf('.', first + 1);
    if (first <= 0 || second < 0) {
      throw new JwtException(Reason.MALFORMED, "it is not of three parts");
    }
    if (text.indexOf('.', second + 1) >= 0) {
      boolean encrypted = text.chars().filter(c -> c == '.').count() == 4;
      throw encrypted
          ? new JwtException(Reason.UNSUPPORTED, "it is encrypted")
          : new JwtException(Reason.MALFORMED, "it is not of three parts");
    }
    if (second + 1 == text.length()) {
      throw new JwtException(Reason.SIGNATURE_INVALID, "it is not signed");
    }
    return new CompactJws(text, first, second);
  }

  String header() {
    return text.substring(0, firstDot);
  }

  byte[] payload() throws JwtException {
    return Base64Url.decode(text, firstDot + 1, secondDot);
  }

  byte[] signature() throws JwtException {
    return Base64Url.decode(text, secondDot + 1, text.length());
  }

  /** What is signed: both parts as they were sent. */
  byte[] signed() {
    return text.substring(0, secondDot).getBytes(StandardCharsets.US_ASCII);
  }
}

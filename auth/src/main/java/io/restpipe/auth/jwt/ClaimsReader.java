package io.restpipe.auth.jwt;

import io.restpipe.auth.internal.StrictJson;
import io.restpipe.auth.internal.StrictJson.JsonException;
import io.restpipe.auth.jwt.JwtException.Reason;
import io.restpipe.auth.jwt.VerifiedJwt.Claims;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a payload as claims; each registered claim must be of its type (RFC 7519 section 4.1). */
final class ClaimsReader {

  private static final int MAX_TEXT = 1024;

  /** 9999-12-31T23:59:59Z: what is later is no date but an attempt. */
  private static final long LAST_SECOND = 253_402_300_799L;

  private final Map<String, @Nullable Object> claims;

  private ClaimsReader(Map<String, @Nullable Object> claims) {
    this.claims = claims;
  }

  static Map<String, @Nullable Object> parse(byte[] payload) throws JwtException {
    try {
      return StrictJson.object(payload);
    } catch (JsonException wrong) {
      throw new JwtException(Reason.MALFORMED, "the payload " + wrong.getMessage());
    }
  }

  static Claims read(Map<String, @Nullable Object> claims) throws JwtException {
    return new ClaimsReader(claims).read();
  }

  private Claims read() throws JwtException {
    return new Claims(
        text("iss"), text("sub"), audience(), date("exp"), date("nbf"), date("iat"), text("jti"));
  }

  private @Nullable String text(String name) throws JwtException {
    if (!claims.containsKey(name)) {
      return null;
    }
    if (claims.get(name) instanceof String text && isPlain(text)) {
      return text;
    }
    throw invalid(name, "is no plain text of at most " + MAX_TEXT + " characters");
  }

  /**
   * Without control characters, halves of characters, and marks that change how the rest is shown:
   * these claims are names, which are logged and compared.
   */
  private static boolean isPlain(String text) {
    if (text.isEmpty() || text.length() > MAX_TEXT) {
      return false;
    }
    return text.codePoints()
        .noneMatch(
            c ->
                switch (Character.getType(c)) {
                  case Character.CONTROL,
                      Character.FORMAT,
                      Character.SURROGATE,
                      Character.LINE_SEPARATOR,
                      Character.PARAGRAPH_SEPARATOR ->
                      true;
                  default -> false;
                });
  }

  private List<String> audience() throws JwtException {
    if (!claims.containsKey("aud")) {
      return List.of();
    }
    if (claims.get("aud") instanceof List<?> items) {
      List<String> audience = new ArrayList<>();
      for (Object item : items) {
        if (!(item instanceof String text) || !isPlain(text)) {
          throw invalid("aud", "is no list of texts");
        }
        audience.add(text);
      }
      return List.copyOf(audience);
    }
    String one = text("aud");
    return one == null ? List.of() : List.of(one);
  }

  private @Nullable Instant date(String name) throws JwtException {
    if (!claims.containsKey(name)) {
      return null;
    }
    Object value = claims.get(name);
    if (value instanceof Long seconds && Math.abs(seconds) <= LAST_SECOND) {
      return Instant.ofEpochSecond(seconds);
    }
    if (value instanceof Double seconds && Math.abs(seconds) <= LAST_SECOND) {
      double whole = Math.floor(seconds);
      return Instant.ofEpochSecond((long) whole, (long) ((seconds - whole) * 1e9));
    }
    throw invalid(name, "is no number of seconds before the year 10000");
  }

  private static JwtException invalid(String name, String what) {
    return new JwtException(Reason.CLAIM_INVALID, "its claim " + name + " " + what);
  }
}

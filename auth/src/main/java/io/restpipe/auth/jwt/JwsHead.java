package io.restpipe.auth.jwt;

import io.restpipe.auth.internal.StrictJson;
import io.restpipe.auth.internal.StrictJson.JsonException;
import io.restpipe.auth.jwt.JwtException.Reason;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of a token's header counts. {@code jku}, {@code jwk}, {@code x5u} and {@code x5c} are passed
 * over: a token doesn't say by which key it is to be believed.
 *
 * @param type {@code typ} in lower case, without {@code application/}
 */
record JwsHead(
    JwsAlgorithm algorithm, @Nullable String keyId, @Nullable String type, boolean isNested) {

  /** The longest {@code kid}, in characters. */
  static final int MAX_KEY_ID = 256;

  private static final String APPLICATION = "application/";

  static JwsHead parse(byte[] json) throws JwtException {
    Map<String, @Nullable Object> header;
    try {
      header = StrictJson.object(json);
    } catch (JsonException wrong) {
      throw new JwtException(Reason.MALFORMED, "the header " + wrong.getMessage());
    }
    refuseExtensions(header);
    String name = text(header, "alg");
    if (name == null) {
      throw new JwtException(Reason.MALFORMED, "the header has no alg");
    }
    JwsAlgorithm algorithm =
        JwsAlgorithm.find(name)
            .orElseThrow(
                () ->
                    new JwtException(
                        Reason.ALGORITHM_REFUSED, "its algorithm is none of those we know"));
    String keyId = text(header, "kid");
    if (keyId != null && (keyId.isEmpty() || keyId.length() > MAX_KEY_ID)) {
      throw new JwtException(Reason.MALFORMED, "the header's kid is empty or too long");
    }
    String type = text(header, "typ");
    String content = text(header, "cty");
    return new JwsHead(
        algorithm,
        keyId,
        type == null ? null : mediaType(type),
        content != null && mediaType(content).equals("jwt"));
  }

  /** What a reader must not overlook (RFC 7515 section 4.1.11), and RFC 7797's raw payload. */
  private static void refuseExtensions(Map<String, @Nullable Object> header) throws JwtException {
    for (String extension : new String[] {"crit", "zip", "enc"}) {
      if (header.containsKey(extension)) {
        throw new JwtException(Reason.UNSUPPORTED, "the header has " + extension);
      }
    }
    if (header.containsKey("b64") && !Boolean.TRUE.equals(header.get("b64"))) {
      throw new JwtException(Reason.UNSUPPORTED, "the header has b64");
    }
  }

  private static @Nullable String text(Map<String, @Nullable Object> header, String name)
      throws JwtException {
    Object value = header.get(name);
    if (value instanceof String text) {
      return text;
    }
    if (header.containsKey(name)) {
      throw new JwtException(Reason.MALFORMED, "the header's " + name + " is no text");
    }
    return null;
  }

  /** RFC 7515 section 4.1.9: without a slash, application/ is meant; letters' case is nothing. */
  static String mediaType(String type) {
    String lower = type.toLowerCase(Locale.ROOT);
    return lower.startsWith(APPLICATION) && lower.indexOf('/', APPLICATION.length()) < 0
        ? lower.substring(APPLICATION.length())
        : lower;
  }
}

package io.restpipe.gateway;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.restpipe.security.Credentials;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds requests behind which there is a page of another site, that makes use of what a browser
 * sends by itself: cookies, passwords, certificates.
 */
final class CrossSite {

  private static final int SHORTEST_TOKEN = 16;

  /** What the browser says of where a request comes from. */
  private enum Site {
    SAME,
    OTHER,
    NOT_SAID
  }

  private CrossSite() {}

  /** Whether a page of another site is behind it, as far as the browser says. */
  static boolean other(HttpHeaders headers, AllowedOrigins allowed, boolean https) {
    return site(headers, allowed, https) == Site.OTHER;
  }

  /**
   * Whether a request that is known by a cookie proves that its own site is behind it: by the
   * browser's word, by repeating the token, or by changing nothing.
   */
  static boolean proven(String method, HttpHeaders headers, AllowedOrigins allowed, boolean https) {
    return switch (site(headers, allowed, https)) {
      case SAME -> true;
      case OTHER -> false;
      case NOT_SAID ->
          method.equals("GET")
              || method.equals("HEAD")
              || method.equals("OPTIONS")
              || hasToken(headers);
    };
  }

  private static boolean hasToken(HttpHeaders headers) {
    Map<String, String> cookies = Cookies.of(headers);
    String expected = cookies.get(Credentials.CSRF_COOKIE);
    String repeated = headers.get(Credentials.CSRF_HEADER);
    return expected != null
        && repeated != null
        && expected.length() >= SHORTEST_TOKEN
        && MessageDigest.isEqual(
            expected.getBytes(StandardCharsets.UTF_8), repeated.getBytes(StandardCharsets.UTF_8));
  }

  private static Site site(HttpHeaders headers, AllowedOrigins allowed, boolean https) {
    String origin = headers.get(HttpHeaderNames.ORIGIN);
    if (origin != null && allowed.trusts(origin)) {
      return Site.SAME;
    }
    String fetch = headers.get("Sec-Fetch-Site");
    if (fetch != null) {
      return fetch.equals("same-origin") || fetch.equals("none") ? Site.SAME : Site.OTHER;
    }
    if (origin == null) {
      return Site.NOT_SAID;
    }
    return origin.equalsIgnoreCase(own(headers, https)) ? Site.SAME : Site.OTHER;
  }

  private static @Nullable String own(HttpHeaders headers, boolean https) {
    String host = headers.get(HttpHeaderNames.HOST);
    return host == null ? null : (https ? "https://" : "http://") + host;
  }
}

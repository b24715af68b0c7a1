package io.restpipe.gateway;

import io.netty.handler.codec.http.HttpHeaders;

/** What tells browsers to take an answer for what it is and no more. */
final class SecurityHeaders {

  private SecurityHeaders() {}

  /** Adds those that are not there: a handler may know better for its own pages. */
  static void add(HttpHeaders headers, boolean https) {
    add(headers, "X-Content-Type-Options", "nosniff");
    add(headers, "X-Frame-Options", "DENY");
    add(headers, "Referrer-Policy", "no-referrer");
    add(headers, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    if (https) {
      add(headers, "Strict-Transport-Security", "max-age=31536000");
    }
  }

  private static void add(HttpHeaders headers, String name, String value) {
    if (!headers.contains(name)) {
      headers.set(name, value);
    }
  }
}

package io.restpipe.gateway;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

/** Lets pages of other sites call and read the answers (Fetch, section 3.2). */
final class Cors {

  private static final String ALLOWED_HEADERS =
      "Authorization, Content-Type, Idempotency-Key, X-CSRF-Token, X-Event-Timeout";
  private static final String EXPOSED_HEADERS =
      "Retry-After, WWW-Authenticate, X-Event-Id, X-Event-Outcome, X-Event-Return-Code";

  /** For how long a browser need not ask again. */
  private static final String MAX_AGE_SECONDS = "600";

  private Cors() {}

  /** Answers a request that only asks; every other gets the headers with its answer. */
  static boolean answered(HttpExchange exchange, RequestHead head, AllowedOrigins allowed) {
    String origin = head.headers().get(HttpHeaderNames.ORIGIN);
    if (origin == null || allowed.isEmpty()) {
      return false;
    }
    HttpHeaders extra = HttpExchange.headers();
    extra.set("Vary", "Origin");
    boolean preflight =
        head.method().equals("OPTIONS")
            && head.headers().contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
    if (allowed.allows(origin)) {
      boolean trusted = allowed.trusts(origin);
      extra.set("Access-Control-Allow-Origin", trusted ? origin : "*");
      if (trusted) {
        extra.set("Access-Control-Allow-Credentials", "true");
      }
      extra.set("Access-Control-Expose-Headers", EXPOSED_HEADERS);
      if (preflight) {
        extra.set("Access-Control-Allow-Methods", EventRequest.VERBS);
        extra.set("Access-Control-Allow-Headers", ALLOWED_HEADERS);
        extra.set("Access-Control-Max-Age", MAX_AGE_SECONDS);
      }
    } else if (preflight) {
      throw new ProblemException(
          Problem.of(403, "cross-site", "pages of that site may not call this gateway"));
    }
    exchange.extra(extra);
    if (preflight) {
      exchange.respond(204, HttpExchange.headers(), Unpooled.EMPTY_BUFFER);
    }
    return preflight;
  }
}

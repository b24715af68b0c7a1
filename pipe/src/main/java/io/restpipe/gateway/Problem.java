package io.restpipe.gateway;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * An error of the gateway itself, as callers see it (RFC 9457).
 *
 * @param type the last part of its URN, for example {@code not-connected}
 * @param fields response headers: name, value, name, value, …
 */
record Problem(int status, String type, String detail, List<String> fields) {

  static final String MIME_TYPE = "application/problem+json";

  private static final String URN = "urn:restpipe:problem:";
  private static final JsonMapper JSON = JsonMapper.shared();

  static Problem of(int status, String type, String detail) {
    return new Problem(status, type, detail, List.of());
  }

  static Problem badRequest(String detail) {
    return of(400, "bad-request", detail);
  }

  /** An error nobody foresaw: its id leads to the log, and that is all the caller learns. */
  static Problem unexpected(String id) {
    return of(500, "unexpected", "unexpected error, logged with the id " + id);
  }

  static Problem methodNotAllowed(String method, String allow) {
    return of(405, "method-not-allowed", method + " is not possible here; possible: " + allow)
        .with("Allow", allow);
  }

  Problem with(String name, String value) {
    var longer = new ArrayList<>(fields);
    longer.add(name);
    longer.add(value);
    return new Problem(status, type, detail, List.copyOf(longer));
  }

  Problem retryAfter(Duration delay) {
    long seconds = delay.toSeconds() + (delay.toNanosPart() > 0 ? 1 : 0);
    return with("Retry-After", Long.toString(Math.max(1, seconds)));
  }

  /**
   * The body.
   *
   * @param id of the event or of the log entry; empty if there is none
   */
  byte[] json(String id) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("type", URN + type);
    members.put("title", title());
    members.put("status", status);
    members.put("detail", detail);
    if (!id.isEmpty()) {
      members.put("instance", URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20"));
    }
    return JSON.writeValueAsBytes(members);
  }

  private String title() {
    return HttpResponseStatus.valueOf(status).reasonPhrase();
  }
}

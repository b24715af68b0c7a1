package io.restpipe.gateway;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.restpipe.event.Body;
import io.restpipe.event.Event;
import io.restpipe.event.Principal;
import io.restpipe.event.Verb;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** From an HTTP request to an event. */
final class EventRequest {

  static final String VERBS = "GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS";

  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");
  private static final double NANOS = 1_000_000_000.0;

  private EventRequest() {}

  /**
   * The verb of a method.
   *
   * @throws ProblemException if events have no such verb
   */
  static Verb verb(String method) {
    return switch (method) {
      case "GET" -> Verb.GET;
      case "HEAD" -> Verb.HEAD;
      case "POST" -> Verb.POST;
      case "PUT" -> Verb.PUT;
      case "DELETE" -> Verb.DELETE;
      case "PATCH" -> Verb.PATCH;
      case "OPTIONS" -> Verb.OPTIONS;
      default -> throw new ProblemException(Problem.methodNotAllowed(method, VERBS));
    };
  }

  /**
   * The id of the event: what the caller says in {@code Idempotency-Key}, else a new one.
   *
   * @throws ProblemException if it is malformed
   */
  static String id(HttpHeaders headers) {
    List<String> keys = headers.getAll("Idempotency-Key");
    if (keys.isEmpty()) {
      return EventIds.next();
    }
    String key = keys.get(0);
    boolean printable = key.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
    if (keys.size() > 1 || key.isEmpty() || key.length() > 255 || !printable) {
      throw new ProblemException(
          Problem.badRequest("Idempotency-Key must be one of 1 to 255 printable ASCII characters"));
    }
    return key;
  }

  /**
   * How long the caller waits.
   *
   * @throws ProblemException if {@code X-Event-Timeout} is malformed
   */
  static Duration timeout(HttpHeaders headers, Duration most) {
    String seconds = headers.get("X-Event-Timeout");
    if (seconds == null) {
      return most;
    }
    long nanos =
        SECONDS.matcher(seconds).matches() ? (long) (Double.parseDouble(seconds) * NANOS) : 0;
    if (nanos <= 0) {
      throw new ProblemException(
          Problem.badRequest(
              "X-Event-Timeout must be a number of seconds above 0, for example 2.5"));
    }
    Duration wanted = Duration.ofNanos(nanos);
    return wanted.compareTo(most) < 0 ? wanted : most;
  }

  /**
   * Puts the event together.
   *
   * @param caller on whose behalf it is sent
   * @param forwarded what is known of where it comes from
   * @throws ProblemException if a header is malformed
   */
  static Event event(
      RequestHead head,
      Route.ToPeer route,
      String id,
      Duration most,
      Body body,
      Principal caller,
      HeaderRules.Forwarded forwarded) {
    HttpHeaders headers = head.headers();
    return Event.builder(verb(head.method()), route.noun())
        .id(id)
        .parameters(route.parameters())
        .query(route.query())
        .headers(HeaderRules.toEvent(headers, forwarded))
        .timeout(timeout(headers, most))
        .body(mimeType(headers), body)
        // The node's own machine is the node: nothing is said then, and nothing is sent along.
        .caller(caller.kind() == Principal.Kind.LOCAL ? null : caller)
        .build();
  }

  private static String mimeType(HttpHeaders headers) {
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
    if (type == null) {
      return "";
    }
    int semicolon = type.indexOf(';');
    return (semicolon < 0 ? type : type.substring(0, semicolon)).strip();
  }
}

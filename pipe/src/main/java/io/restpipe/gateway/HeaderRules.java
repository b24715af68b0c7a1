package io.restpipe.gateway;

import io.netty.handler.codec.http.HttpHeaders;
import io.restpipe.event.Headers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which header fields travel on, and which belong to one connection or to the gateway. */
final class HeaderRules {

  static final String FORWARDED_FOR = "X-Forwarded-For";

  /** About one connection or one message, not about what it means (RFC 9110 section 7.6.1). */
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "http2-settings",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authentication-info",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  /**
   * For the gateway: where the request goes, how it is called, and who the caller is. A credential
   * that was meant for one node is not handed to the next.
   */
  private static final Set<String> OF_THE_GATEWAY =
      Set.of(
          "authorization", "cookie", "host", "idempotency-key", "x-csrf-token", "x-event-timeout");

  /** Set by the gateway, which a handler cannot do in its place. */
  private static final Set<String> SET_BY_THE_GATEWAY =
      Set.of(
          "content-type",
          "date",
          "x-event-error",
          "x-event-id",
          "x-event-outcome",
          "x-event-return-code");

  /** As many as an event's head takes ({@code docs/protocol.md}, section 9). */
  static final int MAX_FIELDS = 256;

  private HeaderRules() {}

  /**
   * Where a request comes from.
   *
   * @param direct the IP address of the direct peer; null where there is none
   * @param believed whether what it says of those before it goes on
   */
  record Forwarded(@Nullable String direct, boolean believed) {}

  /**
   * The headers of an event.
   *
   * @param forwarded what goes into {@code X-Forwarded-For}
   */
  static Headers toEvent(HttpHeaders received, Forwarded forwarded) {
    String caller = forwarded.direct();
    Set<String> named = namedByConnection(received.getAll("Connection"));
    var fields = new ArrayList<String>(received.size() * 2 + 2);
    var forwardedFor = new StringBuilder();
    for (Map.Entry<String, String> field : received) {
      String name = field.getKey().toLowerCase(Locale.ROOT);
      if (name.equals("x-forwarded-for")) {
        if (forwarded.believed()) {
          append(forwardedFor, field.getValue());
        }
      } else if (!HOP_BY_HOP.contains(name)
          && !OF_THE_GATEWAY.contains(name)
          && !named.contains(name)) {
        fields.add(field.getKey());
        fields.add(field.getValue());
      }
    }
    if (caller != null) {
      append(forwardedFor, caller);
    }
    if (!forwardedFor.isEmpty()) {
      fields.add(FORWARDED_FOR);
      fields.add(forwardedFor.toString());
    }
    if (fields.size() > 2 * MAX_FIELDS) {
      throw new ProblemException(
          Problem.of(
              431, "too-many-headers", "an event can carry " + MAX_FIELDS + " headers at most"));
    }
    try {
      return Headers.of(fields.toArray(new String[0]));
    } catch (IllegalArgumentException invalid) {
      throw new ProblemException(Problem.badRequest("malformed header: " + invalid.getMessage()));
    }
  }

  private static void append(StringBuilder list, String value) {
    if (!list.isEmpty()) {
      list.append(", ");
    }
    list.append(value);
  }

  /** Whether a proxy says that it speaks for somebody else. */
  static boolean cameThroughProxy(HttpHeaders received) {
    return received.contains(FORWARDED_FOR) || received.contains("Forwarded");
  }

  /**
   * Whether a browser says that a page of another site is behind the request (Fetch Metadata). No
   * page can leave that out or change it.
   */
  static boolean fromAnotherSite(HttpHeaders received) {
    return received.contains("Sec-Fetch-Site", "cross-site", true);
  }

  /** Adds the headers of a reply that a caller may see. */
  static void toCaller(Headers replied, HttpHeaders response) {
    if (replied.isEmpty()) {
      return;
    }
    Set<String> named = namedByConnection(replied.all("Connection"));
    replied.forEach(
        (field, value) -> {
          String name = field.toLowerCase(Locale.ROOT);
          if (!HOP_BY_HOP.contains(name)
              && !SET_BY_THE_GATEWAY.contains(name)
              && !named.contains(name)) {
            response.add(field, value);
          }
        });
  }

  private static Set<String> namedByConnection(List<String> values) {
    if (values.isEmpty()) {
      return Set.of();
    }
    var names = new HashSet<String>();
    for (String value : values) {
      for (String name : value.split(",", -1)) {
        names.add(name.strip().toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }
}

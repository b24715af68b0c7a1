package io.restpipe.gateway;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The cookies of a request (RFC 6265 section 5.4). */
final class Cookies {

  private Cookies() {}

  /** Values by name, quotes taken off; of one name the first, which is the most specific one. */
  static Map<String, String> of(HttpHeaders headers) {
    List<String> fields = headers.getAll(HttpHeaderNames.COOKIE);
    if (fields.isEmpty()) {
      return Map.of();
    }
    var cookies = new LinkedHashMap<String, String>();
    for (String field : fields) {
      for (String pair : field.split(";", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          String value = pair.substring(equals + 1).strip();
          boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
          cookies.putIfAbsent(
              pair.substring(0, equals).strip(),
              quoted ? value.substring(1, value.length() - 1) : value);
        }
      }
    }
    return cookies;
  }
}

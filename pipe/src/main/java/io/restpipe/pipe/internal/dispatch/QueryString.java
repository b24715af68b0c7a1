package io.restpipe.pipe.internal.dispatch;

import io.restpipe.event.ParameterException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Decodes a query string (application/x-www-form-urlencoded). */
final class QueryString {

  private QueryString() {}

  /**
   * Names in the order in which they first come, each with its values in order.
   *
   * @throws ParameterException if a percent escape is malformed
   */
  static Map<String, List<String>> parse(String query) {
    if (query.isEmpty()) {
      return Map.of();
    }
    var parameters = new LinkedHashMap<String, List<String>>();
    for (String field : query.split("&", -1)) {
      if (!field.isEmpty()) {
        int equals = field.indexOf('=');
        String name = equals < 0 ? field : field.substring(0, equals);
        String value = equals < 0 ? "" : field.substring(equals + 1);
        parameters.computeIfAbsent(decode(name), key -> new ArrayList<>(1)).add(decode(value));
      }
    }
    parameters.replaceAll((name, values) -> List.copyOf(values));
    return Collections.unmodifiableMap(parameters);
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw new ParameterException(
          "query string has a malformed percent escape: write % as %25", malformed);
    }
  }
}

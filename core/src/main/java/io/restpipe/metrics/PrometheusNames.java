package io.restpipe.metrics;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives meters their names in the Prometheus format, where {@code a.b} and {@code a_b} are the
 * same: first come, first served. Any thread.
 */
final class PrometheusNames {

  private static final Logger LOG = LoggerFactory.getLogger(PrometheusNames.class);

  private final Map<String, PrometheusName.Kind> kinds = new HashMap<>();
  private final Map<PrometheusName, String> owners = new HashMap<>();

  /** The name for a meter; null if another meter has it. */
  synchronized @Nullable PrometheusName claim(PrometheusName.Kind kind, String meter) {
    PrometheusName name = PrometheusName.of(kind, meter);
    var key = new PrometheusName(kind, name.family(), "", name.handler());
    for (String line : name.lineNames()) {
      if (kinds.getOrDefault(line, kind) != kind) {
        return refuse(name, meter);
      }
    }
    if (!owners.computeIfAbsent(key, unused -> meter).equals(meter)) {
      return refuse(name, meter);
    }
    name.lineNames().forEach(line -> kinds.put(line, kind));
    return name;
  }

  private static @Nullable PrometheusName refuse(PrometheusName name, String meter) {
    LOG.warn(
        "meter {} is not shown in the Prometheus text: another one is shown as {}; rename one",
        meter,
        name.family());
    return null;
  }
}

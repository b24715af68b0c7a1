package io.restpipe.metrics;

import java.util.List;

/**
 * A meter's name in the Prometheus world.
 *
 * @param family the metric, for example {@code restpipe_message_send_seconds}
 * @param meter the name in the statsd world, with {@code HANDLER} for the handler's name
 * @param handler the value of the label {@code handler}; empty: no label
 */
record PrometheusName(Kind kind, String family, String meter, String handler) {

  private static final String HANDLED = "message.received.handle.";

  /** What a meter is; decides about the end of its name. */
  enum Kind {
    COUNTER(".tick", "_total"),
    TIMER(".timing", "_seconds"),
    GAUGE("", "");

    private final String meterSuffix;
    private final String suffix;

    Kind(String meterSuffix, String suffix) {
      this.meterSuffix = meterSuffix;
      this.suffix = suffix;
    }
  }

  static PrometheusName of(Kind kind, String name) {
    boolean suffixed = name.endsWith(kind.meterSuffix);
    String stem = suffixed ? name.substring(0, name.length() - kind.meterSuffix.length()) : name;
    if (kind != Kind.GAUGE && stem.startsWith(HANDLED) && stem.length() > HANDLED.length()) {
      return new PrometheusName(
          kind,
          family("message.received.handle", kind),
          HANDLED + "HANDLER" + kind.meterSuffix,
          stem.substring(HANDLED.length()));
    }
    return new PrometheusName(kind, family(stem, kind), name, "");
  }

  private static String family(String stem, Kind kind) {
    var family = new StringBuilder("restpipe_");
    for (int i = 0; i < stem.length(); i++) {
      char c = stem.charAt(i);
      boolean legal = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      family.append(legal ? c : '_');
    }
    return family.append(kind.suffix).toString();
  }

  /** All names that the meter's lines begin with. */
  List<String> lineNames() {
    return kind == Kind.TIMER
        ? List.of(family, family + "_bucket", family + "_sum", family + "_count", family + "_max")
        : List.of(family);
  }
}

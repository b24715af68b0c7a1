package io.restpipe.pipe.internal.dispatch;

import io.restpipe.event.Verb;
import io.restpipe.metrics.Metrics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What every node answers: {@code $ping}, {@code $info} and {@code $stats}. */
final class BuiltInEvents {

  private static final int PROTOCOL = 2;

  private final String name;
  private final String version;
  private final List<EventMethod> methods;

  private BuiltInEvents(String name, String version, List<EventMethod> methods) {
    this.name = name;
    this.version = version;
    this.methods = methods;
  }

  /** The table with these events in it. */
  static MethodTable addTo(MethodTable table, String name, String version) {
    var builtIn = new BuiltInEvents(name, version, table.all());
    return table
        .with(get("$ping", (context, postData) -> builtIn.ping()))
        .with(get("$info", (context, postData) -> builtIn.info()))
        .with(get("$stats", (context, postData) -> builtIn.stats()));
  }

  private static EventMethod get(String noun, EventTarget target) {
    return new EventMethod(Verb.GET, noun, noun + "()", true, target, Metrics.none());
  }

  private Map<String, Object> ping() {
    var pong = new LinkedHashMap<String, Object>();
    pong.put("pong", name);
    pong.put("time", Instant.now());
    return pong;
  }

  private Map<String, Object> info() {
    var info = new LinkedHashMap<String, Object>();
    info.put("name", name);
    info.put("version", version);
    info.put("protocol", PROTOCOL);
    info.put("events", methods.stream().map(BuiltInEvents::describe).toList());
    return info;
  }

  private static Map<String, Object> describe(EventMethod method) {
    var description = new LinkedHashMap<String, Object>();
    description.put("verb", method.verb());
    description.put("noun", method.noun());
    description.put("signature", method.signature());
    description.put("blocking", !method.nonBlocking());
    return description;
  }

  private Map<String, Object> stats() {
    var events = new ArrayList<Map<String, @Nullable Object>>();
    for (EventMethod method : methods) {
      var event = new LinkedHashMap<String, @Nullable Object>();
      event.put("verb", method.verb());
      event.put("noun", method.noun());
      event.putAll(method.stats().asMap());
      events.add(event);
    }
    return Map.of("events", events);
  }
}

package io.restpipe.cef;

import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEvent.Field;
import io.restpipe.security.SecurityEventKind;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts events that say the same within a window. Bounded, whatever comes. Any thread. */
final class Repeats {

  /** How many different events of a kind are told apart within a window. */
  static final int MAX_OF_A_KIND = 100;

  private final Duration window;

  // Under this object's lock.
  private final Map<Sameness, Counted> counted = new HashMap<>();
  private final Map<SecurityEventKind, Integer> ofKind = new EnumMap<>(SecurityEventKind.class);

  /** What makes two events the same; without the rest it stands for all others of the kind. */
  private record Sameness(
      SecurityEventKind kind,
      @Nullable InetAddress address,
      @Nullable String peer,
      @Nullable String user,
      @Nullable String reason,
      @Nullable String limit) {

    static Sameness of(SecurityEvent event) {
      return new Sameness(
          event.kind(),
          event.address().orElse(null),
          event.fields().get(Field.PEER),
          event.fields().get(Field.USER),
          event.fields().get(Field.REASON),
          event.fields().get(Field.LIMIT));
    }

    static Sameness others(SecurityEventKind kind) {
      return new Sameness(kind, null, null, null, OTHERS, null);
    }
  }

  private static final String OTHERS = "many different ones";

  private static final class Counted {
    final SecurityEvent event;
    final Instant begin;
    long count;
    Instant first = Instant.MAX;
    Instant last = Instant.MIN;

    Counted(SecurityEvent event, Instant begin) {
      this.event = event;
      this.begin = begin;
    }

    void count(Instant now) {
      count++;
      first = now.isBefore(first) ? now : first;
      last = now.isAfter(last) ? now : last;
    }
  }

  /** An event that came again that many times. */
  record Repeated(SecurityEvent event, long count, Instant first, Instant last) {}

  Repeats(Duration window) {
    this.window = window;
  }

  /** Whether the event says something new; otherwise it is counted. */
  synchronized boolean isFirst(SecurityEvent event, Instant now) {
    Counted same = counted.get(Sameness.of(event));
    if (same != null) {
      same.count(now);
      return false;
    }
    SecurityEventKind kind = event.kind();
    if (ofKind.merge(kind, 1, Integer::sum) <= MAX_OF_A_KIND) {
      counted.put(Sameness.of(event), new Counted(event, now));
      return true;
    }
    ofKind.merge(kind, -1, Integer::sum);
    counted
        .computeIfAbsent(Sameness.others(kind), key -> new Counted(others(kind), now))
        .count(now);
    return false;
  }

  private static SecurityEvent others(SecurityEventKind kind) {
    return SecurityEvent.builder(kind).reason(OTHERS).build();
  }

  /** What was counted in windows that are over. */
  synchronized List<Repeated> takeOver(Instant now) {
    Instant over = now.minus(window);
    List<Repeated> taken = new ArrayList<>();
    for (Iterator<Counted> all = counted.values().iterator(); all.hasNext(); ) {
      Counted one = all.next();
      if (!one.begin.isAfter(over)) {
        all.remove();
        take(one, taken);
      }
    }
    return taken;
  }

  synchronized List<Repeated> takeAll() {
    List<Repeated> taken = new ArrayList<>();
    counted.values().forEach(one -> take(one, taken));
    counted.clear();
    return taken;
  }

  private void take(Counted one, List<Repeated> taken) {
    if (!OTHERS.equals(one.event.fields().get(Field.REASON))) {
      ofKind.merge(one.event.kind(), -1, Integer::sum);
    }
    if (one.count > 0) {
      taken.add(new Repeated(one.event, one.count, one.first, one.last));
    }
  }
}

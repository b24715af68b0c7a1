package io.restpipe.cef;

import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEvent.Field;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Counts events that say the same within a window. Bounded, whatever comes. Any thread. */
final class Repeats {

  /** How many different events of a kind and of one source are told apart within a window. */
  static final int MAX_OF_A_SOURCE = 20;

  /** How many of a kind where anybody can be the source: to use them up takes fifty networks. */
  static final int MAX_OF_ANYBODY = 1_000;

  /** How many of a kind where the source has proved who it is: nobody can be many of these. */
  static final int MAX_OF_KNOWN = 10_000;

  private static final String OTHERS = "many different ones";

  private final Duration window;

  // Under this object's lock. By what they say; those beyond a source's bound by the source, and
  // those beyond the bound of its family by that.
  private final Map<Object, Counted> counted = new HashMap<>();
  private final Map<Object, Integer> different = new HashMap<>();

  private static final class Counted {
    final SecurityEvent event;
    final EventSource source;
    final Instant begin;

    /** Whether it stands for many that differ. */
    final boolean many;

    long count;
    Instant first = Instant.MAX;
    Instant last = Instant.MIN;

    Counted(SecurityEvent event, EventSource source, boolean many, Instant begin) {
      this.event = event;
      this.source = source;
      this.many = many;
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
    EventSameness sameness = EventSameness.of(event);
    Counted same = counted.get(sameness);
    if (same != null) {
      same.count(now);
      return false;
    }
    EventSource source = EventSource.of(event);
    if (source.isSomebody() && count(source) >= MAX_OF_A_SOURCE) {
      others(source, source, ofSource(event, source), now);
      return false;
    }
    int most = source.known() ? MAX_OF_KNOWN : MAX_OF_ANYBODY;
    if (count(source.family()) >= most) {
      others(source.family(), source, SecurityEvent.builder(event.kind()), now);
      return false;
    }
    change(source, 1);
    counted.put(sameness, new Counted(event, source, false, now));
    return true;
  }

  private int count(Object key) {
    return different.getOrDefault(key, 0);
  }

  private void change(EventSource source, int by) {
    for (Object key : List.of(source, source.family())) {
      int changed = count(key) + by;
      if (changed == 0) {
        different.remove(key);
      } else {
        different.put(key, changed);
      }
    }
  }

  private void others(Object key, EventSource source, SecurityEvent.Builder event, Instant now) {
    counted
        .computeIfAbsent(key, none -> new Counted(event.reason(OTHERS).build(), source, true, now))
        .count(now);
  }

  /** Who the source is: where it has proved that, its events may come from anywhere. */
  private static SecurityEvent.Builder ofSource(SecurityEvent event, EventSource source) {
    SecurityEvent.Builder common = SecurityEvent.builder(event.kind());
    String peer = event.fields().get(Field.PEER);
    if (peer != null) {
      return common.peer(peer);
    }
    if (source.known()) {
      return common.user(event.fields().get(Field.USER));
    }
    event.address().ifPresent(address -> common.from(new InetSocketAddress(address, 0)));
    return common;
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
    if (!one.many) {
      change(one.source, -1);
    }
    if (one.count > 0) {
      taken.add(new Repeated(one.event, one.count, one.first, one.last));
    }
  }
}

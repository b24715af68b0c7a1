package io.restpipe.pipe.internal.link;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The servers to dial in turn: the configured one first, then those that a server has named. Not
 * thread-safe.
 */
final class Targets {

  private static final int MOST = 16;

  private final DialTarget configured;
  private List<DialTarget> all;
  private int index;

  Targets(DialTarget configured) {
    this.configured = configured;
    this.all = List.of(configured);
  }

  DialTarget current() {
    return all.get(index);
  }

  /** The current one did not answer. */
  void advance() {
    index = (index + 1) % all.size();
  }

  /** A server that we are connected to has named others to try after it. */
  void alternatives(List<String> servers) {
    DialTarget now = current();
    var some = new LinkedHashSet<DialTarget>();
    some.add(configured);
    servers.forEach(server -> add(some, server));
    all = new ArrayList<>(some);
    index = Math.max(0, all.indexOf(now));
  }

  /** A server that goes away has said where to go. */
  void redirect(List<String> servers) {
    var some = new LinkedHashSet<DialTarget>();
    servers.forEach(server -> add(some, server));
    if (some.isEmpty()) {
      return;
    }
    some.add(configured);
    all = new ArrayList<>(some);
    index = 0;
  }

  private static void add(Set<DialTarget> targets, String server) {
    int colon = server.lastIndexOf(':');
    if (targets.size() >= MOST || colon < 1) {
      return;
    }
    String host = server.substring(0, colon);
    try {
      targets.add(
          new DialTarget(
              host.startsWith("[") && host.endsWith("]")
                  ? host.substring(1, host.length() - 1)
                  : host,
              Integer.parseInt(server.substring(colon + 1))));
    } catch (IllegalArgumentException notAnAddress) {
      // A server may name what this version cannot dial; the others remain.
    }
  }
}

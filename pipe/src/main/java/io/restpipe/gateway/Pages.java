package io.restpipe.gateway;

import io.restpipe.event.PeerInfo;
import io.restpipe.pipe.Connected;
import io.restpipe.pipe.Peers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;

/** The pages of the gateway itself. */
final class Pages {

  static final String ALLOW = "GET, HEAD";

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final double NANOS_PER_MILLI = 1_000_000.0;

  private final NodeStatus node;
  private final Peers peers;

  /** What a page says. */
  record Content(String mimeType, String text) {}

  Pages(NodeStatus node, Peers peers) {
    this.node = node;
    this.peers = peers;
  }

  /**
   * The page as it is now.
   *
   * @throws ProblemException if the heartbeat finds something wrong
   */
  Content content(Route.Page page) {
    return switch (page) {
      case HEARTBEAT -> heartbeat();
      case METRICS -> new Content("text/plain; version=0.0.4; charset=utf-8", node.metricsText());
      case CLIENTS -> new Content("application/json", JSON.writeValueAsString(clients()));
    };
  }

  private Content heartbeat() {
    var wrong = new ArrayList<String>();
    if (node.draining()) {
      wrong.add("the node is shutting down");
    }
    wrong.addAll(node.problems());
    if (!wrong.isEmpty()) {
      throw new ProblemException(Problem.of(503, "unwell", String.join("; ", wrong)));
    }
    var text = new StringBuilder("ok\n");
    node.warnings().forEach(warning -> text.append("warning: ").append(warning).append('\n'));
    return new Content("text/plain; charset=utf-8", text.toString());
  }

  private List<Map<String, Object>> clients() {
    var clients = new ArrayList<Map<String, Object>>();
    for (Connected connected : peers.connected()) {
      clients.add(client(connected));
    }
    return clients;
  }

  private static Map<String, Object> client(Connected connected) {
    PeerInfo peer = connected.peer();
    var client = new LinkedHashMap<String, Object>();
    client.put("name", peer.name());
    client.put("address", Remote.text(peer.address()));
    client.put("since", peer.since().toString());
    client.put("instance", peer.instance());
    client.put("version", peer.version());
    client.put("protocol", peer.protocol());
    client.put("groups", new TreeSet<>(peer.groups()));
    client.put(
        "roundTripMillis",
        connected.roundTrip().map(time -> time.toNanos() / NANOS_PER_MILLI).orElse(null));
    client.put("inFlight", connected.inFlight());
    client.put(
        "certificateExpires", connected.certificateExpires().map(Instant::toString).orElse(null));
    return client;
  }
}

package io.restpipe.node;

import io.restpipe.gateway.NodeStatus;
import io.restpipe.metrics.NodeMetrics;
import io.restpipe.security.NodeRole;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What the gateway's pages show of a node. Any thread. */
final class NodeState implements NodeStatus {

  private final Role role;
  private final String name;
  private final NodeMetrics metrics;
  private final Supplier<Optional<String>> problem;
  private final ExpiryWatch expiry;
  private volatile boolean draining;

  NodeState(NodeIdentity identity, NodeMetrics metrics, Supplier<Optional<String>> problem) {
    this.role = identity.role() == NodeRole.SERVER ? Role.SERVER : Role.CLIENT;
    this.name = identity.name();
    this.metrics = metrics;
    this.problem = problem;
    this.expiry = new ExpiryWatch(identity, metrics);
  }

  void drain() {
    draining = true;
  }

  @Override
  public Role role() {
    return role;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean draining() {
    return draining;
  }

  @Override
  public List<String> problems() {
    return problem.get().map(List::of).orElse(List.of());
  }

  @Override
  public List<String> warnings() {
    return expiry.warnings(Instant.now());
  }

  ExpiryWatch expiry() {
    return expiry;
  }

  @Override
  public String metricsText() {
    return metrics.prometheusText();
  }
}

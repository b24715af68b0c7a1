package io.restpipe.node;

import io.restpipe.gateway.NodeStatus;
import io.restpipe.metrics.NodeMetrics;
import io.restpipe.security.Identity;
import io.restpipe.security.NodeRole;
import io.restpipe.security.PeerName;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What the gateway's pages show of a node. Any thread. */
final class NodeState implements NodeStatus {

  private final Role role;
  private final String name;
  private final NodeMetrics metrics;
  private final Supplier<Optional<String>> problem;
  private volatile boolean draining;

  NodeState(
      NodeRole role, Identity identity, NodeMetrics metrics, Supplier<Optional<String>> problem) {
    this.role = role == NodeRole.SERVER ? Role.SERVER : Role.CLIENT;
    this.name =
        PeerName.of(identity.certificate())
            .orElseThrow(
                () ->
                    new NodeStartException(
                        "the certificate "
                            + identity.certificate().getSubjectX500Principal()
                            + " has no name to be known by: it needs a DNS name or a CN"));
    this.metrics = metrics;
    this.problem = problem;
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
  public String metricsText() {
    return metrics.prometheusText();
  }
}

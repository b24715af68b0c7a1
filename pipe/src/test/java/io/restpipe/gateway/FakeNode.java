package io.restpipe.gateway;

import java.util.List;

/** A node whose state the test sets. */
final class FakeNode implements NodeStatus {

  volatile Role role = Role.SERVER;
  volatile boolean draining;
  volatile List<String> problems = List.of();

  @Override
  public Role role() {
    return role;
  }

  @Override
  public String name() {
    return "test-node";
  }

  @Override
  public boolean draining() {
    return draining;
  }

  @Override
  public List<String> problems() {
    return problems;
  }

  @Override
  public String metricsText() {
    return "a_meter_total 1\n";
  }
}

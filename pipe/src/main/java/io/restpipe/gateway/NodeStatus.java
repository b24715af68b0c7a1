package io.restpipe.gateway;

import java.util.List;

/**
 * What a gateway asks of the node that it belongs to. Called on an event loop: nothing here may
 * block.
 */
public interface NodeStatus {

  /** On which side of the pipe the node is; this decides the paths. */
  enum Role {
    /** Paths begin with {@code /client/NAME/}. */
    SERVER,
    /** Paths begin with {@code /server/}; the peer asked for is the one named {@code server}. */
    CLIENT
  }

  Role role();

  /** The node's own name. */
  String name();

  /** Whether the node is shutting down; the heartbeat page then answers 503. */
  boolean draining();

  /** What is wrong with the node, a sentence each; empty if all is well. */
  List<String> problems();

  /** What will be wrong unless somebody looks after it, a sentence each. */
  default List<String> warnings() {
    return List.of();
  }

  /** All meters in the Prometheus text format. */
  String metricsText();
}

package io.restpipe.cli;

import io.restpipe.security.NodeRole;
import picocli.CommandLine.Option;

/** One of the two, for commands that make certificates. */
final class RoleOption {

  @Option(names = "--server", required = true, description = "The node accepts connections.")
  private boolean server;

  @Option(names = "--client", required = true, description = "The node dials a server.")
  private boolean client;

  NodeRole role() {
    return server && !client ? NodeRole.SERVER : NodeRole.CLIENT;
  }
}

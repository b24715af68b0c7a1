package io.restpipe.pipe;

import java.util.List;

/**
 * The peers of a node: on a server its clients, on a client the server. Any thread.
 *
 * <p>Call it; do not implement it: methods may be added.
 */
public interface Peers {

  /**
   * A peer by its name, or failing that by the host name or IP address of a connected client. Never
   * fails: whether the name is known shows when it is called.
   */
  Peer peer(String name);

  /** The connections that are up now, by name and age. */
  List<Connected> connected();
}

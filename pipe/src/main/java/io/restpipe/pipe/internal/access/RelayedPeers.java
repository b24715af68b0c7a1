package io.restpipe.pipe.internal.access;

import io.restpipe.event.Event;
import io.restpipe.event.Reply;
import io.restpipe.pipe.Connected;
import io.restpipe.pipe.Peer;
import io.restpipe.pipe.Peers;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The peers of a client: its server, and by every other name the clients that it passes on to. */
public final class RelayedPeers implements Peers {

  private final Peer server;
  private final Peers direct;

  /**
   * @param direct the only peer of which is the server
   * @param server its name there
   */
  public RelayedPeers(Peers direct, String server) {
    this.direct = direct;
    this.server = direct.peer(server);
  }

  @Override
  public Peer peer(String name) {
    return name.equals(server.name()) ? server : new Other(server, name);
  }

  @Override
  public List<Connected> connected() {
    return direct.connected();
  }

  /** Another client. */
  private record Other(Peer server, String name) implements Peer {

    @Override
    public boolean connected() {
      return server.connected();
    }

    @Override
    public CompletableFuture<Reply> exchange(Event event) {
      return server.exchange(event.toBuilder().relayTo(name).build());
    }

    @Override
    public String toString() {
      return "Peer " + name + " through the server";
    }
  }
}

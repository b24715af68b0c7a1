package io.restpipe.pipe.internal.directory;

import io.restpipe.event.Event;
import io.restpipe.event.Reply;
import io.restpipe.pipe.Peer;
import java.util.concurrent.CompletableFuture;

/** A peer, whether it is connected or not. */
record NamedPeer(Directory directory, String name) implements Peer {

  @Override
  public boolean connected() {
    return directory.isConnected(name);
  }

  @Override
  public CompletableFuture<Reply> exchange(Event event) {
    return directory.exchange(name, event);
  }

  @Override
  public String toString() {
    return "Peer " + name;
  }
}

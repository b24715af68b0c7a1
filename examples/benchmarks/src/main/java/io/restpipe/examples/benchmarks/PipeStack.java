package io.restpipe.examples.benchmarks;

import io.restpipe.event.EventFunction;
import io.restpipe.event.PeerInfo;
import io.restpipe.event.Response;
import io.restpipe.event.Verb;
import io.restpipe.node.ClientNode;
import io.restpipe.node.ServerNode;
import io.restpipe.pipe.ServerListener;
import io.restpipe.security.Identity;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * RestPipe's nodes, each with an echo for a handler. Port 0: a server that waits for its client;
 * another one: a client that dials it.
 */
final class PipeStack implements Opened<PipeCaller> {

  static final String NOUN = "echo";

  private static final String HOST = "127.0.0.1";
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final EventFunction ECHO =
      (context, postData) -> Response.of(postData.mimeType(), postData.body());

  private final AutoCloseable node;
  private final int port;
  private final CompletableFuture<PipeCaller> connected;

  private PipeStack(AutoCloseable node, int port, CompletableFuture<PipeCaller> connected) {
    this.node = node;
    this.port = port;
    this.connected = connected;
  }

  static PipeStack open(Identity identity, int port, Verb verb) {
    return port == 0 ? server(identity, verb) : client(identity, port, verb);
  }

  private static PipeStack server(Identity identity, Verb verb) {
    var first = new CompletableFuture<String>();
    ServerNode node =
        ServerNode.builder(identity)
            .bind(HOST, 0)
            .onNonBlocking(verb, NOUN, ECHO)
            .listener(
                new ServerListener() {
                  @Override
                  public void connectionAdded(PeerInfo peer, int count) {
                    first.complete(peer.name());
                  }
                })
            .start();
    return new PipeStack(
        node,
        node.address().getPort(),
        first.thenApply(client -> new PipeCaller(node.peer(client), verb)));
  }

  private static PipeStack client(Identity identity, int port, Verb verb) {
    ClientNode node =
        ClientNode.builder(identity).server(HOST, port).onNonBlocking(verb, NOUN, ECHO).start();
    try {
      node.awaitConnected(PATIENCE);
    } catch (TimeoutException | InterruptedException failure) {
      node.close();
      throw new IllegalStateException("not connected within " + PATIENCE, failure);
    }
    var caller = new PipeCaller(node.server(), verb);
    return new PipeStack(node, 0, CompletableFuture.completedFuture(caller));
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public PipeCaller connected() {
    return connected.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    try {
      node.close();
    } catch (Exception failure) {
      throw new IllegalStateException("node does not close", failure);
    }
  }
}

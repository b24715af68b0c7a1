package io.restpipe.examples.embedding;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.event.Body;
import io.restpipe.event.Event;
import io.restpipe.event.EventContext;
import io.restpipe.event.PeerInfo;
import io.restpipe.event.PostData;
import io.restpipe.event.Reply;
import io.restpipe.event.Response;
import io.restpipe.event.Verb;
import io.restpipe.node.ClientNode;
import io.restpipe.node.ServerNode;
import io.restpipe.pipe.PipeFailException;
import io.restpipe.pipe.ServerListener;
import io.restpipe.security.Identity;
import io.restpipe.security.NodeRole;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ForkJoinPool;

/** Two nodes described with functions, and all kinds of calls between them. */
public final class Embedding {

  private static final int LARGE = 5_000_000;

  private Embedding() {}

  public static void main(String[] arguments) throws Exception {
    var authority = CertificateAuthority.inMemory("embedding");
    try (ServerNode server = server(authority.identity("server", NodeRole.SERVER));
        ClientNode client =
            client(authority.identity("alpha", NodeRole.CLIENT), server.address().getPort())) {
      call(client, server);
      upload(client);
      download(server);
      fail(client);
    }
  }

  private static ServerNode server(Identity identity) {
    return ServerNode.builder(identity)
        .bind("127.0.0.1", 0)
        .on(Verb.GET, "time/utc", (context, data) -> Response.text(Instant.now().toString()))
        .on(Verb.POST, "size", Embedding::size)
        .on(Verb.GET, "trouble", Embedding::trouble)
        .listener(
            new ServerListener() {
              @Override
              public void connectionAdded(PeerInfo peer, int connections) {
                System.out.println("connected: " + peer.name());
              }
            })
        .start();
  }

  private static ClientNode client(Identity identity, int port) {
    return ClientNode.builder(identity)
        .server("127.0.0.1", port)
        // Never blocks, so it may run on the event loop itself.
        .onNonBlocking(Verb.GET, "sum", Embedding::sum)
        .on(Verb.GET, "zeros", (context, data) -> new ByteArrayInputStream(new byte[LARGE]))
        .start();
  }

  private static Object sum(EventContext context, PostData data) {
    return context.parameters().stream().mapToInt(Integer::parseInt).sum();
  }

  /** Reads the body while it comes; it need not fit into memory. */
  private static Object size(EventContext context, PostData data) throws IOException {
    try (InputStream in = data.stream()) {
      return in.transferTo(OutputStream.nullOutputStream());
    }
  }

  private static Object trouble(EventContext context, PostData data) {
    throw new IllegalStateException("the disk is full");
  }

  private static void call(ClientNode client, ServerNode server) throws Exception {
    Reply time = client.server().get("time/utc").get(10, SECONDS);
    System.out.println("the server's time: " + time.text());

    // Without waiting: the future completes on an event loop, so its callbacks must not block.
    server
        .peer("alpha")
        .get("sum//1/2/39")
        .thenAccept(reply -> System.out.println("the client's sum: " + reply.text()))
        .get(10, SECONDS);
  }

  private static void upload(ClientNode client) throws Exception {
    var file = new ByteArrayInputStream(new byte[LARGE]);
    Body body = Body.from(file, LARGE, ForkJoinPool.commonPool());
    Reply size = client.server().post("size", "application/octet-stream", body).get(10, SECONDS);
    System.out.println("bytes uploaded: " + size.text());
  }

  /** {@code send} gives the reply as soon as its head is there; the body is read as it comes. */
  private static void download(ServerNode server) throws Exception {
    var event = Event.builder(Verb.GET, "zeros").build();
    Reply reply = server.peer("alpha").send(event).get(10, SECONDS);
    try (InputStream in = reply.body().stream()) {
      System.out.println("bytes downloaded: " + in.transferTo(OutputStream.nullOutputStream()));
    }
  }

  private static void fail(ClientNode client) {
    try {
      client.server().get("trouble").join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof PipeFailException failure) {
        System.out.println(
            "the server failed: " + failure.exceptionClass() + ": " + failure.getMessage());
      }
    }
  }
}

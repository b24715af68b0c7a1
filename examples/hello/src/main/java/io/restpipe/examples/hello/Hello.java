package io.restpipe.examples.hello;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.event.Reply;
import io.restpipe.node.ClientNode;
import io.restpipe.node.ServerNode;
import io.restpipe.security.NodeRole;

/**
 * A server and a client in one process, over real mutual TLS. The client dials; after that each can
 * call the other.
 */
public final class Hello {

  private Hello() {}

  public static void main(String[] arguments) throws Exception {
    // Throw-away certificates. Real nodes load theirs from files: see rp-ca and set-identity.
    var authority = CertificateAuthority.inMemory("hello");

    try (ServerNode server =
            ServerNode.builder(authority.identity("server", NodeRole.SERVER))
                .bind("127.0.0.1", 0)
                .handler(new ServerAnswers())
                .start();
        ClientNode client =
            ClientNode.builder(authority.identity("alpha", NodeRole.CLIENT))
                .server("127.0.0.1", server.address().getPort())
                .handler(new ClientAnswers())
                .start()) {

      // Nobody has to wait for the connection: a call does.
      Reply time = client.server().get("time").get(10, SECONDS);
      System.out.println("The server says: " + time.text());

      Reply cat = server.peer("alpha").get("cat//hello%20/world").get(10, SECONDS);
      System.out.println("The client says: " + cat.text());
    }
  }
}

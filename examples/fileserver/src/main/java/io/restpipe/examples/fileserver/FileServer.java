package io.restpipe.examples.fileserver;

import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.node.ClientNode;
import io.restpipe.node.ServerNode;
import io.restpipe.security.NodeRole;
import java.nio.file.Path;
import java.time.Duration;

/**
 * All parts in one process; arguments: the folder to show (default: where it is started) and the
 * web application's port (default: a free one). Runs until its input ends, or Enter is pressed.
 */
public final class FileServer {

  private FileServer() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments.length > 0 ? arguments[0] : ".");
    int port = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 0;
    var authority = CertificateAuthority.inMemory("fileserver example");

    try (ServerNode server =
            ServerNode.builder(authority.identity("server", NodeRole.SERVER))
                .bind("127.0.0.1", 0)
                .gateway("127.0.0.1:0")
                .start();
        ClientNode client =
            ClientNode.builder(authority.identity("fileserver", NodeRole.CLIENT))
                .server("127.0.0.1", server.address().getPort())
                .handler(new FolderAnswers(folder))
                .start()) {
      client.awaitConnected(Duration.ofSeconds(10));
      String gateway = server.gatewayAddress().orElseThrow();

      try (var web = new WebApplication(gateway, "fileserver", port)) {
        System.out.println("Gateway:         curl " + gateway + "/client/fileserver/files");
        System.out.println("Web application: " + web.address());
        System.in.read();
      }
    }
  }
}

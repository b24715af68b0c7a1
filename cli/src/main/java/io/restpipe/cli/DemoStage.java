package io.restpipe.cli;

import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.NodeRole;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server and a client in processes of their own, with identities that are thrown away. */
final class DemoStage implements AutoCloseable {

  /** The client's name. */
  static final String CLIENT = "demo";

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration NOTICE = Duration.ofMillis(500);
  private static final String DRAIN_SECONDS = "2";

  private final boolean debug;
  private final Path folder;
  private final List<ChildNode> nodes = new ArrayList<>();
  private String pipe = "";
  private String serverGateway = "";
  private String clientGateway = "";
  private final CountDownLatch ending = new CountDownLatch(1);

  DemoStage(boolean debug) throws IOException {
    this.debug = debug;
    this.folder = Files.createTempDirectory("restpipe-demo-");
  }

  /** Makes sure that nothing is left when the process is told to end. */
  void endWithProcess() {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (end()) {
                    Runtime.getRuntime().halt(ExitCode.OK);
                  }
                },
                "restpipe-demo-end"));
  }

  /** Makes the identities and starts both nodes; returns when they are connected. */
  void start(int serverPort, int clientPort)
      throws CommandException, IOException, InterruptedException {
    var authority = CertificateAuthority.inMemory("RestPipe demonstration");
    install(authority, "localhost", NodeRole.SERVER);
    install(authority, CLIENT, NodeRole.CLIENT);
    ChildNode server =
        node("rp-server", serverPort, "--bind-interface", "127.0.0.1", "--bind-port", "0");
    String[] ready = server.await("rp-server ready: pipe ", PATIENCE).split(", gateway ", 2);
    pipe = ready[0];
    serverGateway = ready[1];
    String port = pipe.substring(pipe.lastIndexOf(':') + 1);
    ChildNode client =
        node("rp-client", clientPort, "--target-hostname", "localhost", "--target-port", port);
    clientGateway = client.await("rp-client ready: gateway ", PATIENCE);
    client.await("rp-client connected: ", PATIENCE);
  }

  private void install(CertificateAuthority authority, String name, NodeRole role)
      throws IOException {
    IdentityFiles.in(folder, role).write(authority.identity(name, role));
  }

  private synchronized ChildNode node(String program, int gatewayPort, String... own)
      throws IOException {
    if (ending.getCount() == 0) {
      throw new IOException("the demonstration has been ended");
    }
    List<String> arguments = new ArrayList<>(List.of(own));
    arguments.addAll(
        List.of(
            "--cert-path",
            folder.toString(),
            "--gateway",
            "127.0.0.1:" + gatewayPort,
            "--hard-shutdown-interval",
            DRAIN_SECONDS));
    if (debug) {
      arguments.add("--debug");
    }
    ChildNode node = ChildNode.start(program, arguments.toArray(String[]::new));
    nodes.add(node);
    return node;
  }

  /** Where the server listens for the client. */
  String pipe() {
    return pipe;
  }

  /** The server's gateway, as a URL. */
  String serverGateway() {
    return serverGateway;
  }

  /** The client's gateway, as a URL. */
  String clientGateway() {
    return clientGateway;
  }

  /** Waits for the end: none of its own where the process is told to end, else what failed. */
  Optional<CommandException> awaitEnd() throws InterruptedException {
    List<ChildNode> running = nodes();
    CompletableFuture<?>[] ends =
        running.stream().map(node -> node.process().onExit()).toArray(CompletableFuture<?>[]::new);
    CompletableFuture.anyOf(ends).join();
    // Ctrl-C reaches the nodes, too: they may be gone before this process has noticed it.
    if (ending.await(NOTICE.toMillis(), TimeUnit.MILLISECONDS)) {
      return Optional.empty();
    }
    return running.stream()
        .filter(node -> !node.process().isAlive())
        .findFirst()
        .map(node -> node.failed("ended with exit status " + node.process().exitValue()));
  }

  private synchronized List<ChildNode> nodes() {
    return List.copyOf(nodes);
  }

  private boolean end() {
    List<ChildNode> running;
    synchronized (this) {
      if (ending.getCount() == 0) {
        return false;
      }
      ending.countDown();
      running = List.copyOf(nodes);
    }
    running.forEach(node -> node.process().destroy());
    running.forEach(ChildNode::close);
    deleteFolder();
    return true;
  }

  private void deleteFolder() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException left) {
      // A folder for throw-away files holds a few more.
    }
  }

  /** Ends both nodes and removes their identities. */
  @Override
  public void close() {
    end();
  }
}

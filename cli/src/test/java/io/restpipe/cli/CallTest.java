package io.restpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.config.Endpoint;
import io.restpipe.config.Origin;
import io.restpipe.event.ClientEventHandler;
import io.restpipe.event.EventContext;
import io.restpipe.event.PostData;
import io.restpipe.event.Response;
import io.restpipe.node.ClientNode;
import io.restpipe.node.ServerNode;
import io.restpipe.security.NodeRole;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallTest {

  @TempDir private static Path folder;
  private static ServerNode server;
  private static ClientNode client;

  /** Answers the calls of the tests. */
  public static final class Box extends ClientEventHandler {

    /** What was sent, under its media type. */
    public Response postEcho(PostData data) throws IOException {
      return Response.of(data.mimeType(), data.bytes());
    }

    /** Name and parameters. */
    public String getCat(EventContext context, String... parts) {
      return String.join("|", parts) + "?" + context.query();
    }

    /** Fails. */
    public void getBroken() {
      throw new IllegalStateException("broken on purpose");
    }

    /** A code of its own. */
    public Response getCode(int code) {
      return Response.json(code, "coded");
    }
  }

  @BeforeAll
  static void start_nodes() throws Exception {
    var authority = CertificateAuthority.inMemory("Test");
    server =
        ServerNode.builder(authority.identity("localhost", NodeRole.SERVER))
            .bind("127.0.0.1", 0)
            .gateway("unix:" + folder.resolve("s.sock"))
            .peerWait(Duration.ofMillis(50))
            .handler(new TimeAndCatOfServer())
            .start();
    client =
        ClientNode.builder(authority.identity("box", NodeRole.CLIENT))
            .server("127.0.0.1", server.address().getPort())
            .gateway("127.0.0.1:0")
            .handler(new Box())
            .start();
    client.awaitConnected(Duration.ofSeconds(20));
  }

  @AfterAll
  static void stop_nodes() {
    client.close();
    server.close();
  }

  private final Captured captured = new Captured();

  private int onServer(Captured terminal, String... arguments) {
    return terminal.server().run(with(arguments, "unix:" + folder.resolve("s.sock")));
  }

  private int onClient(Captured terminal, String... arguments) {
    String gateway = client.gatewayAddress().orElseThrow().substring("http://".length());
    return terminal.client().run(with(arguments, gateway));
  }

  private static String[] with(String[] arguments, String gateway) {
    String[] all = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--gateway";
    all[arguments.length + 1] = gateway;
    return all;
  }

  @Test
  void the_server_calls_a_client_over_a_unix_socket() {
    assertThat(onServer(captured, "call", "box", "get", "cat//hello%20/w%2Fd?x=1")).isZero();
    assertThat(captured.out()).isEqualTo("\"hello |w/d?x=1\"");
  }

  @Test
  void the_client_calls_the_server_over_tcp() {
    assertThat(onClient(captured, "call", "GET", "/cat//hello%20/world")).isZero();
    assertThat(captured.out()).isEqualTo("{\"result_from_server\": \"hello world\"}");
  }

  @Test
  void what_cannot_stand_in_a_url_is_escaped() {
    assertThat(onServer(captured, "call", "box", "GET", "cat//hello world/ä\r\nX: y")).isZero();
    assertThat(captured.out()).contains("hello world|ä");
  }

  @Test
  void text_is_sent_along() {
    assertThat(onServer(captured, "call", "box", "POST", "echo", "--data", "hällo")).isZero();
    assertThat(captured.out()).isEqualTo("hällo");
  }

  @Test
  void a_file_is_sent_along_byte_for_byte() throws IOException {
    byte[] bytes = new byte[1_000_000];
    new Random(1).nextBytes(bytes);
    Path file = Files.write(folder.resolve("data"), bytes);

    int status = onServer(captured, "call", "box", "POST", "echo", "--data", "@" + file);

    assertThat(captured.err()).isEmpty();
    assertThat(status).isZero();
    assertThat(captured.bytes()).isEqualTo(bytes);
  }

  @Test
  void standard_input_is_sent_along() {
    var typed = new Captured(Map.of(), "typed\n".repeat(10_000));

    assertThat(onServer(typed, "call", "box", "POST", "echo", "--data", "@-")).isZero();
    assertThat(typed.out()).isEqualTo("typed\n".repeat(10_000));
  }

  @Test
  void a_file_that_is_not_there_is_named() {
    assertThat(onServer(captured, "call", "box", "POST", "echo", "--data", "@/no/such/file"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(captured.err()).contains("/no/such/file").hasLineCount(1);
  }

  @Test
  void a_failing_handler_is_a_failure_and_what_it_said_is_shown() {
    assertThat(onServer(captured, "call", "box", "GET", "broken")).isEqualTo(ExitCode.FAILURE);
    assertThat(captured.out()).contains("broken on purpose");
    assertThat(captured.err()).contains("return code 251");
  }

  @Test
  void a_noun_without_a_handler_is_a_failure() {
    assertThat(onServer(captured, "call", "box", "GET", "nothing")).isEqualTo(ExitCode.FAILURE);
    assertThat(captured.err()).contains("no handler").contains("255");
  }

  @Test
  void a_return_code_other_than_0_is_a_failure() {
    assertThat(onServer(captured, "call", "box", "GET", "code//7")).isEqualTo(ExitCode.FAILURE);
    assertThat(captured.out()).isEqualTo("\"coded\"");
    assertThat(captured.err()).contains("return code 7");
  }

  @Test
  void an_unknown_client_gives_no_reply() {
    assertThat(onServer(captured, "call", "nobody/../x", "GET", "time"))
        .isEqualTo(ExitCode.NO_REPLY);
    assertThat(captured.out()).isEmpty();
    assertThat(captured.err()).startsWith("rp-server call: HTTP status 404: ").hasLineCount(1);
  }

  @Test
  void a_verb_that_does_not_travel_is_refused_here() {
    assertThat(onServer(captured, "call", "box", "TRACE", "time")).isEqualTo(ExitCode.USAGE);
    assertThat(captured.err()).contains("TRACE", "GET, HEAD, POST");
  }

  @Test
  void a_timeout_is_checked() {
    assertThat(onServer(captured, "call", "box", "GET", "time", "--timeout", "NaN"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(onServer(captured, "call", "box", "GET", "time", "--timeout", "x"))
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void a_header_cannot_be_smuggled_in_by_the_type() {
    assertThat(
            onServer(
                captured, "call", "box", "POST", "echo", "--data", "x", "--type", "a/b\r\nX: y"))
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void where_no_gateway_answers_it_is_said_where_it_was_looked_for() {
    assertThat(captured.server().run("clients", "--gateway", "unix:" + folder.resolve("none")))
        .isEqualTo(ExitCode.NO_GATEWAY);
    assertThat(captured.err())
        .contains("no gateway answers at unix:" + folder.resolve("none") + " (--gateway)")
        .hasLineCount(1);
  }

  @Test
  void a_gateway_that_says_nothing_is_given_up() throws IOException {
    try (var mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var patience = Duration.ofMillis(100);
      var endpoint = new Endpoint.Tcp("127.0.0.1", mute.getLocalPort());
      var gateway = new LocalGateway(endpoint, new Origin.Default());

      assertThatExceptionOfType(CommandException.class)
          .isThrownBy(
              () -> gateway.exchange(new GatewayRequest("GET", "/"), patience, answer -> answer))
          .withMessageContaining("nothing came");
    }
  }

  @Test
  void clients_are_listed_as_a_table() {
    assertThat(onServer(captured, "clients")).isZero();
    assertThat(captured.out().lines().toList())
        .hasSize(2)
        .satisfies(lines -> assertThat(lines.get(0)).startsWith("NAME  FROM"))
        .satisfies(lines -> assertThat(lines.get(1)).startsWith("box   127.0.0.1:"));
  }

  @Test
  void clients_are_listed_as_json() {
    assertThat(onServer(captured, "clients", "--json")).isZero();
    assertThat(new String(captured.bytes(), StandardCharsets.UTF_8))
        .startsWith("[{\"name\":\"box\"")
        .contains("\"since\":", "\"inFlight\":0")
        .endsWith("}]" + System.lineSeparator());
  }
}

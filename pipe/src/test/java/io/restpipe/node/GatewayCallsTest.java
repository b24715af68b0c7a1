package io.restpipe.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restpipe.event.ClientEventHandler;
import io.restpipe.event.EventContext;
import io.restpipe.event.PostData;
import io.restpipe.event.Response;
import io.restpipe.event.ServerEventHandler;
import io.restpipe.event.Verb;
import io.restpipe.pipe.PipeFailException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HTTP in at one node's gateway, through the pipe, to a handler at the other node, and back. */
@Timeout(60)
class GatewayCallsTest {

  private final HttpClient http = HttpClient.newHttpClient();
  private final CountDownLatch interrupted = new CountDownLatch(1);
  private final AtomicInteger payments = new AtomicInteger();

  @TempDir private Path folder;

  private ServerNode server;
  private ClientNode client;

  /** What the server offers. */
  public final class ServerSide extends ServerEventHandler {

    public Map<String, List<String>> getParts(String... parts) {
      return Map.of("parts", List.of(parts));
    }

    public int getHalf(int number) {
      return number / 2;
    }

    public String getFail() {
      throw new IllegalArgumentException("not today");
    }

    public Response getTeapot() {
      return Response.of("text/plain", 418, "short and stout");
    }

    public Response getCoded() {
      return Response.json(42, "answer");
    }

    public Map<String, String> getContext(EventContext context) {
      return Map.of(
          "query", context.query(),
          "accept", context.headers().first("Accept").orElse(""),
          "forwarded", context.headers().first("X-Forwarded-For").orElse(""));
    }

    public Response putEcho(PostData data) throws IOException {
      return Response.of(data.mimeType(), data.bytes());
    }

    public InputStream postStream(PostData data) {
      return data.stream();
    }

    public int postPay() {
      return payments.incrementAndGet();
    }

    public void getForever() throws InterruptedException {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException gone) {
        interrupted.countDown();
        throw gone;
      }
    }
  }

  /** What the client offers. */
  public static final class ClientSide extends ClientEventHandler {

    public Map<String, String> getCat(String... parts) {
      return Map.of("result_from_client", String.join("", parts));
    }
  }

  @BeforeEach
  void start() throws Exception {
    server =
        ServerNode.builder(Certificates.server())
            .bind("127.0.0.1", 0)
            .gateway("127.0.0.1:0")
            .peerWait(Duration.ofMillis(500))
            .handler(new ServerSide())
            .accessLog(false)
            .start();
    client =
        ClientNode.builder(Certificates.client("alpha"))
            .server("localhost", server.address().getPort())
            .gateway("127.0.0.1:0")
            .handler(new ClientSide())
            .accessLog(false)
            .start();
    client.awaitConnected(Duration.ofSeconds(10));
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private HttpRequest.Builder toServer(String path) {
    return HttpRequest.newBuilder(URI.create(client.gatewayAddress().orElseThrow() + path));
  }

  private HttpRequest.Builder toClient(String path) {
    return HttpRequest.newBuilder(URI.create(server.gatewayAddress().orElseThrow() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static String returnCode(HttpResponse<?> response) {
    return response.headers().firstValue("X-Event-Return-Code").orElse("none");
  }

  @Test
  void both_directions_answer_as_the_original_readme_says() throws Exception {
    HttpResponse<String> fromServer = send(toServer("/server/parts//hello%20/world"));
    HttpResponse<String> fromClient = send(toClient("/client/alpha/cat//hello%20/world"));

    assertThat(fromServer.statusCode()).isEqualTo(200);
    assertThat(fromServer.body()).isEqualTo("{\"parts\":[\"hello \",\"world\"]}");
    assertThat(fromClient.statusCode()).isEqualTo(200);
    assertThat(fromClient.body()).isEqualTo("{\"result_from_client\":\"hello world\"}");
    assertThat(returnCode(fromClient)).isEqualTo("0");
    assertThat(fromClient.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(fromClient.headers().firstValue("X-Event-Id")).isPresent();
  }

  @Test
  void a_client_is_found_by_the_host_it_comes_from() throws Exception {
    assertThat(send(toClient("/client/localhost/cat//x")).statusCode()).isEqualTo(200);
    assertThat(send(toClient("/client/127.0.0.1/cat//x")).statusCode()).isEqualTo(200);
  }

  @Test
  void a_slash_stays_inside_a_parameter_and_an_empty_one_is_one() throws Exception {
    assertThat(send(toServer("/server/parts//a%2Fb/c")).body())
        .isEqualTo("{\"parts\":[\"a/b\",\"c\"]}");
    assertThat(send(toServer("/server/parts//")).body()).isEqualTo("{\"parts\":[\"\"]}");
    assertThat(send(toServer("/server/parts")).body()).isEqualTo("{\"parts\":[]}");
  }

  @Test
  void nothing_but_events_can_be_reached() throws Exception {
    for (String noun : List.of("class", "nothing", "registrations", "Parts")) {
      HttpResponse<String> response = send(toServer("/server/" + noun));
      assertThat(response.statusCode()).as(noun).isEqualTo(404);
      assertThat(returnCode(response)).as(noun).isEqualTo("255");
    }
  }

  @Test
  void a_handler_that_throws_is_a_500_that_java_callers_can_raise() throws Exception {
    HttpResponse<String> response = send(toServer("/server/fail"));

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(returnCode(response)).isEqualTo("251");
    Assertions.assertThatThrownBy(() -> PipeFailException.raiseFor(response))
        .isInstanceOfSatisfying(
            PipeFailException.class,
            failure -> {
              assertThat(failure).hasMessage("not today");
              assertThat(failure.exceptionClass()).isEqualTo("java.lang.IllegalArgumentException");
              assertThat(failure.traceback()).contains("getFail");
              assertThat(failure.returnCode()).isEqualTo(251);
            });
    PipeFailException.raiseFor(send(toServer("/server/parts")));
  }

  @Test
  void wrong_parameters_are_a_400_that_shows_the_signature() throws Exception {
    for (String path : List.of("/server/half//x", "/server/half", "/server/half//1/2")) {
      HttpResponse<String> response = send(toServer(path));
      assertThat(response.statusCode()).as(path).isEqualTo(400);
      assertThat(returnCode(response)).as(path).isEqualTo("251");
      assertThat(response.body()).as(path).contains("getHalf(int");
    }
    assertThat(send(toServer("/server/half//84")).body()).isEqualTo("42");
  }

  @Test
  void codes_of_a_handlers_own_travel() throws Exception {
    HttpResponse<String> teapot = send(toServer("/server/teapot"));
    HttpResponse<String> coded = send(toServer("/server/coded"));

    assertThat(teapot.statusCode()).isEqualTo(418);
    assertThat(returnCode(teapot)).isEqualTo("418");
    assertThat(teapot.body()).isEqualTo("short and stout");
    assertThat(coded.statusCode()).isEqualTo(200);
    assertThat(returnCode(coded)).isEqualTo("42");
  }

  @Test
  void query_and_headers_reach_the_handler() throws Exception {
    assertThat(send(toServer("/server/context?a=1&b=%20").header("Accept", "x/y")).body())
        .contains("\"a=1&b=%20\"", "\"x/y\"", "127.0.0.1");
  }

  @Test
  void binary_bodies_pass_unchanged() throws Exception {
    var bytes = new byte[300_000];
    new Random(3).nextBytes(bytes);

    HttpResponse<byte[]> response =
        http.send(
            toServer("/server/echo")
                .header("Content-Type", "image/png")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes))
                .build(),
            BodyHandlers.ofByteArray());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("image/png");
    assertThat(response.body()).isEqualTo(bytes);
  }

  @Test
  void a_body_streams_there_and_back_at_once() throws Exception {
    int length = 32 * 1024 * 1024;
    URI gateway = URI.create(client.gatewayAddress().orElseThrow());
    try (var caller = new Socket(gateway.getHost(), gateway.getPort())) {
      // HttpClient sends all before it reads: that would wait for itself here.
      CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendZeros(caller, length));

      InputStream in = new BufferedInputStream(caller.getInputStream());
      assertThat(line(in)).startsWith("HTTP/1.1 200");
      while (!line(in).isEmpty()) {}
      int received = 0;
      for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
        in.skipNBytes(size + 2);
        received += size;
      }
      assertThat(received).isEqualTo(length);
      sending.get(10, TimeUnit.SECONDS);
    }
  }

  private static void sendZeros(Socket socket, int length) {
    try {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST /server/stream HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      var zeros = new byte[64 * 1024];
      for (int sent = 0; sent < length; sent += zeros.length) {
        out.write(zeros);
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static int chunkSize(InputStream in) throws IOException {
    return Integer.parseInt(line(in), 16);
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("after " + line);
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Test
  void head_has_the_length_and_no_body() throws Exception {
    HttpResponse<String> response =
        send(toServer("/server/teapot").method("HEAD", HttpRequest.BodyPublishers.noBody()));

    assertThat(response.statusCode()).isEqualTo(418);
    assertThat(response.body()).isEmpty();
    assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(15);
  }

  @Test
  void options_tells_the_verbs() throws Exception {
    HttpResponse<String> response =
        send(toServer("/server/pay").method("OPTIONS", HttpRequest.BodyPublishers.noBody()));

    assertThat(response.headers().firstValue("Allow").orElse("")).contains("POST");
  }

  @Test
  void an_idempotency_key_makes_a_post_run_once() throws Exception {
    HttpRequest.Builder pay =
        toServer("/server/pay")
            .header("Idempotency-Key", "order-17")
            .POST(HttpRequest.BodyPublishers.noBody());

    assertThat(send(pay).body()).isEqualTo("1");
    assertThat(send(pay).body()).isEqualTo("1");
    assertThat(payments).hasValue(1);
  }

  @Test
  void a_short_deadline_ends_the_handler_and_the_caller() throws Exception {
    HttpResponse<String> response =
        send(toServer("/server/forever").header("X-Event-Timeout", "0.3"));

    assertThat(response.statusCode()).isEqualTo(504);
    assertThat(response.headers().firstValue("X-Event-Outcome")).contains("unknown");
    assertThat(returnCode(response)).isEqualTo("none");
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void a_caller_that_goes_away_interrupts_the_handler() throws Exception {
    URI gateway = URI.create(client.gatewayAddress().orElseThrow());
    try (SocketChannel caller =
        SocketChannel.open(new java.net.InetSocketAddress(gateway.getHost(), gateway.getPort()))) {
      caller.write(
          ByteBuffer.wrap(
              "GET /server/forever HTTP/1.1\r\nHost: x\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII)));
      assertThat(send(toServer("/server/parts")).statusCode()).isEqualTo(200);
    }

    assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void names_that_are_unknown_or_away_are_told_apart() throws Exception {
    await().until(() -> send(toClient("/client/nobody.invalid/cat")).statusCode() == 404);

    client.close();
    await().until(() -> server.peers().connected().isEmpty());
    HttpResponse<String> away = send(toClient("/client/alpha/cat"));

    assertThat(away.statusCode()).isEqualTo(503);
    assertThat(away.headers().firstValue("Retry-After")).isPresent();
    assertThat(returnCode(away)).isEqualTo("none");
  }

  @Test
  void the_pages_tell_how_the_nodes_are() throws Exception {
    assertThat(send(toClient("/__heartbeat__")).statusCode()).isEqualTo(200);
    assertThat(send(toServer("/__heartbeat__")).statusCode()).isEqualTo(200);
    send(toClient("/client/alpha/cat//a"));
    assertThat(send(toClient("/metrics")).body()).contains("restpipe_message_send");
    assertThat(send(toClient("/__clients__")).body()).contains("\"alpha\"");

    server.close();
    await().until(() -> !client.server().connected());
    HttpResponse<String> alone = send(toServer("/__heartbeat__"));
    assertThat(alone.statusCode()).isEqualTo(503);
    assertThat(alone.body()).contains("not connected to the server");
  }

  @Test
  void a_unix_domain_socket_serves_as_well() throws Exception {
    Path socket = folder.resolve("gateway.sock");
    try (ServerNode second =
        ServerNode.builder(Certificates.server())
            .bind("127.0.0.1", 0)
            .gateway("unix:" + socket)
            .on(Verb.GET, "x", (context, data) -> "x")
            .start()) {
      assertThat(second.gatewayAddress()).contains("unix:" + socket);
      try (SocketChannel caller = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
        caller.write(
            ByteBuffer.wrap(
                "GET /__heartbeat__ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII)));
        String answer =
            new String(Channels.newInputStream(caller).readAllBytes(), StandardCharsets.UTF_8);
        assertThat(answer).startsWith("HTTP/1.1 200 ");
      }
    }
    assertThat(Files.exists(socket)).isFalse();
  }
}

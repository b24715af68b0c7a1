package io.restpipe.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.event.Body;
import io.restpipe.event.PostData;
import io.restpipe.event.Reply;
import io.restpipe.event.Response;
import io.restpipe.event.ServerEventHandler;
import io.restpipe.event.Verb;
import io.restpipe.node.V1Peer.Answer;
import io.restpipe.node.V1Peer.Fields;
import io.restpipe.node.V1Peer.Frame;
import io.restpipe.pipe.PipeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients of version 1 on a server of this one. */
@Timeout(60)
class V1ClientsTest {

  private static final V1Peer.Handler TIME_AND_CAT =
      (verb, noun, mimeType, data) ->
          switch (verb + " " + noun) {
            case "get time" ->
                Answer.of("application/json", 0, "{\"time_from_client\": 1402897843.879908}");
            case "get cat//hello /world" ->
                Answer.of("application/json", 0, "{\"result_from_client\": \"hello world\"}");
            case "post echo", "put echo" -> new Answer(mimeType, 0, data);
            case "get fail" ->
                Answer.of(
                    "application/json",
                    251,
                    "{\"exception\": {\"message\": \"no\", \"traceback\": \"T\", \"class\":"
                        + " \"ValueError\"}}");
            case "get coded" -> Answer.of("text/plain", 42, "answer");
            case "get huge" -> Answer.of("text/plain", 4_000_000_000L, "");
            default -> Answer.of("text/plain", 255, "");
          };

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<AutoCloseable> open = new ArrayList<>();

  /** What the server offers. */
  public static final class ServerSide extends ServerEventHandler {

    public Map<String, Object> getTime() {
      return Map.of("time_from_server", 1402897823.882672);
    }

    public Map<String, String> getCat(String one, String other) {
      return Map.of("result_from_server", one + other);
    }

    public Response postEcho(PostData data) throws IOException {
      return Response.of(data.mimeType(), data.bytes());
    }

    public Map<String, Integer> postSum(PostData data) throws IOException {
      Map<?, ?> numbers = data.json(Map.class);
      return Map.of("sum", numbers.values().stream().mapToInt(n -> ((Number) n).intValue()).sum());
    }

    public String getFail() {
      throw new IllegalArgumentException("not today");
    }

    public Response getLarge() {
      return Response.of("text/plain", new byte[3000]);
    }

    public void getForever() throws InterruptedException {
      new CountDownLatch(1).await();
    }

    public void postForever(PostData data) throws InterruptedException {
      new CountDownLatch(1).await();
    }
  }

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private <T extends AutoCloseable> T opened(T one) {
    open.add(one);
    return one;
  }

  private static ServerNode.Builder builder() {
    return ServerNode.builder(Certificates.server())
        .bind("127.0.0.1", 0)
        .gateway("127.0.0.1:0")
        .accessLog(false)
        .handler(new ServerSide())
        .hardShutdownInterval(Duration.ofMillis(200));
  }

  private ServerNode server() {
    return opened(builder().start());
  }

  private V1Peer client(ServerNode server, String name) throws Exception {
    return client(server, name, TIME_AND_CAT);
  }

  private V1Peer client(ServerNode server, String name, V1Peer.Handler handler) throws Exception {
    V1Peer peer =
        opened(V1Peer.dial(Certificates.client(name), server.address().getPort(), handler));
    await(() -> server.peer(name).connected());
    return peer;
  }

  private static void await(BooleanSupplier condition) {
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(condition::getAsBoolean);
  }

  private static Reply reply(ServerNode server, String path) throws Exception {
    return server.peer("old").get(path).get(20, TimeUnit.SECONDS);
  }

  private HttpResponse<byte[]> http(ServerNode server, String method, String path, Object... body)
      throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(server.gatewayAddress().orElseThrow() + path))
            .method(
                method,
                body.length == 0
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray((byte[]) body[1]));
    if (body.length > 0) {
      request.header("Content-Type", (String) body[0]);
    }
    return http.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), UTF_8);
  }

  @Test
  void time_and_cat_go_both_ways() throws Exception {
    ServerNode server = server();
    V1Peer peer = client(server, "old");

    Fields time = peer.ask("get", "time", "", new byte[0]).fields();
    time.requireAll(1, 2, 3, 4);
    assertThat(time.text(2)).isEqualTo("application/json");
    assertThat(time.text(3)).isEqualTo("0");
    assertThat(time.text(4)).startsWith("{\"time_from_server\":");
    assertThat(peer.ask("get", "cat//hello /world", "", new byte[0]).fields().text(4))
        .isEqualTo("{\"result_from_server\":\"hello world\"}");

    HttpResponse<byte[]> answer = http(server, "GET", "/client/old/time");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("X-Event-Return-Code")).hasValue("0");
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(text(answer)).isEqualTo("{\"time_from_client\": 1402897843.879908}");
    assertThat(text(http(server, "GET", "/client/old/cat//hello%20/world")))
        .isEqualTo("{\"result_from_client\": \"hello world\"}");
  }

  @Test
  void events_have_the_bytes_that_the_original_writes() throws Exception {
    ServerNode server = server();
    V1Peer peer = client(server, "old");

    reply(server, "time");

    assertThat(HexFormat.of().formatHex(peer.event().message()))
        .isEqualTo("0801120367657" + "41a0474696d6522002a00");
  }

  @Test
  void a_client_is_known_by_its_address_too() throws Exception {
    ServerNode server = server();
    client(server, "old");

    assertThat(http(server, "GET", "/client/127.0.0.1/time").statusCode()).isEqualTo(200);
    assertThat(http(server, "GET", "/client/localhost/time").statusCode()).isEqualTo(200);
  }

  @Test
  void two_behind_one_address_both_work_beside_one_of_this_version() throws Exception {
    ServerNode server = server();
    V1Peer one = client(server, "old");
    V1Peer other = client(server, "older");
    ClientNode current =
        opened(
            ClientNode.builder(Certificates.client("current"))
                .server("127.0.0.1", server.address().getPort())
                .start());
    current.awaitConnected(Duration.ofSeconds(20));

    assertThat(text(http(server, "GET", "/client/old/time"))).contains("time_from_client");
    assertThat(text(http(server, "GET", "/client/older/time"))).contains("time_from_client");
    assertThat(text(http(server, "GET", "/client/current/$ping"))).isNotEmpty();
    assertThat(one.ask("get", "time", "", new byte[0]).fields().text(3)).isEqualTo("0");
    assertThat(other.ask("get", "time", "", new byte[0]).fields().text(3)).isEqualTo("0");
    assertThat(server.peers().connected())
        .extracting(c -> c.peer().name() + " " + c.peer().protocol())
        .containsExactly("current 2", "old 1", "older 1");
    assertThat(server.peers().connected().get(1).peer().version()).isEqualTo("RestPipe 0.2");
  }

  @Test
  void posted_data_arrive_as_they_are_both_ways() throws Exception {
    ServerNode server = server();
    V1Peer peer = client(server, "old");
    var binary = new byte[256];
    IntStream.range(0, 256).forEach(i -> binary[i] = (byte) i);
    byte[] json = "{\"one\": 1, \"two\": 2}".getBytes(UTF_8);

    assertThat(peer.ask("post", "echo", "application/octet-stream", binary).fields().bytes(4))
        .isEqualTo(binary);
    assertThat(peer.ask("post", "sum", "application/json", json).fields().text(4))
        .isEqualTo("{\"sum\":3}");

    HttpResponse<byte[]> echoed =
        http(server, "POST", "/client/old/echo", "application/octet-stream", binary);
    assertThat(echoed.body()).isEqualTo(binary);
    assertThat(echoed.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
    assertThat(http(server, "PUT", "/client/old/echo", "application/json", json).body())
        .isEqualTo(json);
    peer.event();
    assertThat(peer.event().fields().text(4)).isEqualTo("application/json");
  }

  @Test
  void what_a_handler_throws_and_an_unknown_noun_are_codes() throws Exception {
    ServerNode server = server();
    V1Peer peer = client(server, "old");

    Fields failed = peer.ask("get", "fail", "", new byte[0]).fields();
    assertThat(failed.text(3)).isEqualTo("251");
    assertThat(failed.text(2)).isEqualTo("application/json");
    assertThat(failed.text(4))
        .contains("\"exception\"", "\"message\"", "not today", "\"traceback\"", "\"class\"");
    assertThat(peer.ask("get", "nothing", "", new byte[0]).fields().text(3)).isEqualTo("255");
    assertThat(HexFormat.of().formatHex(peer.ask("unheard", "time", "", new byte[0]).message()))
        .isEqualTo("0801120a746578742f706c61696e18ff012200");

    HttpResponse<byte[]> theirs = http(server, "GET", "/client/old/fail");
    assertThat(theirs.statusCode()).isEqualTo(500);
    assertThat(theirs.headers().firstValue("X-Event-Return-Code")).hasValue("251");
    assertThat(text(theirs)).contains("ValueError");
    HttpResponse<byte[]> unknown = http(server, "GET", "/client/old/nothing");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.headers().firstValue("X-Event-Return-Code")).hasValue("255");
    assertThat(http(server, "GET", "/client/old/coded").headers().firstValue("X-Event-Return-Code"))
        .hasValue("42");
    Reply huge = reply(server, "huge");
    assertThat(huge.code()).isEqualTo(999);
    assertThat(huge.headers().first("X-Event-Peer-Return-Code")).hasValue("4000000000");
  }

  @Test
  void heartbeats_are_answered_and_a_silent_client_is_dropped() throws Exception {
    ServerNode server = opened(builder().legacyHeartbeatTimeout(Duration.ofMillis(600)).start());
    V1Peer peer = client(server, "old");

    // For longer than a silent one is kept.
    long enough = System.nanoTime() + Duration.ofMillis(900).toNanos();
    for (int id = 1; System.nanoTime() < enough; id++) {
      peer.send(V1Peer.HEARTBEAT, id, V1Peer.number(1, 1));
      Frame answer = peer.reply();
      assertThat(answer.type()).isEqualTo(V1Peer.HEARTBEAT_REPLY);
      assertThat(answer.id()).isEqualTo(id);
      assertThat(HexFormat.of().formatHex(answer.message())).isEqualTo("0801");
    }
    assertThat(peer.ended()).isFalse();

    peer.awaitEnd();
    await(() -> server.peers().connected().isEmpty());
  }

  @Test
  void a_client_that_comes_back_is_the_same_one() throws Exception {
    ServerNode server = server();
    for (int i = 0; i < 3; i++) {
      V1Peer peer = client(server, "old");
      assertThat(reply(server, "time").code()).isZero();
      peer.close();
      await(() -> server.peers().connected().isEmpty());
    }
    var waiting = server.peer("old").get("time");

    client(server, "old");

    assertThat(waiting.get(20, TimeUnit.SECONDS).code()).isZero();
  }

  @Test
  void a_second_machine_under_one_name_is_turned_away_while_the_first_one_lives() throws Exception {
    ServerNode server =
        opened(
            builder()
                .heartbeatInterval(Duration.ofMillis(300))
                .legacyHeartbeatTimeout(Duration.ofSeconds(3))
                .start());
    V1Peer first = client(server, "old");
    V1Peer second =
        opened(V1Peer.dial(Certificates.client("old"), server.address().getPort(), TIME_AND_CAT));
    first.send(V1Peer.HEARTBEAT, 7, V1Peer.number(1, 1));

    second.awaitEnd();

    assertThat(first.ended()).isFalse();
    V1Peer third =
        opened(V1Peer.dial(Certificates.client("old"), server.address().getPort(), TIME_AND_CAT));
    first.awaitEnd(); // It has shown no life.
    assertThat(third.ask("get", "time", "", new byte[0]).fields().text(3)).isEqualTo("0");
  }

  @Test
  void ids_that_meet_are_told_apart_by_type() throws Exception {
    ServerNode server = server();
    V1Peer peer = client(server, "old", (verb, noun, mimeType, data) -> null);
    var call = server.peer("old").get("slow");
    Frame event = peer.event();

    peer.send(V1Peer.EVENT, event.id(), V1Peer.event("get", "time", "", new byte[0]));
    Frame reply = peer.reply();
    peer.send(V1Peer.EVENT_REPLY, event.id() ^ 1, V1Peer.message(Answer.of("", 0, "nobody's")));
    peer.send(V1Peer.EVENT_REPLY, event.id(), V1Peer.message(Answer.of("", 0, "mine")));

    assertThat(reply.id()).isEqualTo(event.id());
    assertThat(reply.fields().text(4)).contains("time_from_server");
    assertThat(call.get(20, TimeUnit.SECONDS).text()).isEqualTo("mine");
  }

  @Test
  void an_event_that_takes_too_long_is_answered_once_and_in_time() throws Exception {
    ServerNode server = opened(builder().eventTimeout(Duration.ofMillis(500)).start());
    V1Peer peer = client(server, "old", (verb, noun, mimeType, data) -> null);

    Fields late = peer.ask("get", "forever", "", new byte[0]).fields();
    assertThat(late.text(3)).isEqualTo("251");
    assertThat(late.text(4)).contains("no reply within");

    var call = server.peer("old").get("slow");
    Frame event = peer.event();
    assertThat(call)
        .failsWithin(Duration.ofSeconds(20))
        .withThrowableThat()
        .havingCause()
        .isInstanceOfSatisfying(
            PipeException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(PipeException.Reason.TIMED_OUT);
              assertThat(e.outcomeUnknown()).isTrue();
            });
    peer.send(V1Peer.EVENT_REPLY, event.id(), V1Peer.message(Answer.of("", 0, "late")));
    assertThat(peer.ask("get", "time", "", new byte[0]).fields().text(3)).isEqualTo("0");
  }

  @Test
  void what_it_cannot_carry_is_refused_with_the_reason() throws Exception {
    ServerNode server = opened(builder().legacyMaxBody(1000).start());
    V1Peer peer = client(server, "old");

    HttpResponse<byte[]> slash = http(server, "GET", "/client/old/cat//a%2Fb");
    assertThat(slash.statusCode()).isEqualTo(400);
    assertThat(text(slash)).contains("a parameter that holds a '/'").contains("a/b");
    assertThat(http(server, "GET", "/client/old/cat//a//b").statusCode()).isEqualTo(400);
    assertThat(http(server, "OPTIONS", "/client/old/cat").statusCode()).isEqualTo(400);
    HttpResponse<byte[]> json =
        http(server, "POST", "/client/old/echo", "application/json", "{\"a\":".getBytes(UTF_8));
    assertThat(json.statusCode()).isEqualTo(400);
    assertThat(text(json)).contains("it is not JSON (malformed at line 1, column ");
    HttpResponse<byte[]> large =
        http(server, "POST", "/client/old/echo", "text/plain", new byte[1001]);
    assertThat(large.statusCode()).isEqualTo(413);
    assertThat(text(large)).contains("1000 bytes").contains("legacy.max_body");

    Fields tooLarge = peer.ask("get", "large", "", new byte[0]).fields();
    assertThat(tooLarge.text(3)).isEqualTo("251");
    assertThat(tooLarge.text(4)).contains("larger than the 1000 bytes");
    // Nothing of it has reached the peer.
    http(server, "GET", "/client/old/time?ignored=1");
    assertThat(peer.event().fields().text(3)).isEqualTo("time");
  }

  @Test
  void a_body_that_streams_is_collected() throws Exception {
    ServerNode server = server();
    client(server, "old");
    var bytes = new byte[300_000];
    Arrays.fill(bytes, (byte) 'x');
    Body streamed = Body.from(new ByteArrayInputStream(bytes), Body.UNKNOWN_LENGTH, Runnable::run);

    Reply reply = server.peer("old").post("echo", "text/plain", streamed).get(20, TimeUnit.SECONDS);

    assertThat(reply.bytes()).isEqualTo(bytes);
  }

  @Test
  void twenty_calls_at_once_are_all_answered() throws Exception {
    ServerNode server = server();
    client(server, "old");

    var calls =
        IntStream.range(0, 20)
            .mapToObj(i -> server.peer("old").post("echo", "text/plain", Body.of("n" + i)))
            .toList();

    for (int i = 0; i < 20; i++) {
      assertThat(calls.get(i).get(20, TimeUnit.SECONDS).text()).isEqualTo("n" + i);
    }
  }

  @Test
  void a_client_that_is_busy_gets_one_event_at_a_time() throws Exception {
    ServerNode server = server();
    V1Peer peer = client(server, "old", (verb, noun, mimeType, data) -> null);
    var first = server.peer("old").get("first");
    Frame event = peer.event();

    var second = server.peer("old").get("second");
    await(() -> server.peers().connected().get(0).inFlight() == 2);
    peer.send(V1Peer.HEARTBEAT, 7, V1Peer.number(1, 1));
    assertThat(peer.reply().id()).isEqualTo(7);
    assertThat(peer.hasEvent()).isFalse();

    peer.send(V1Peer.EVENT_REPLY, event.id(), V1Peer.message(Answer.of("", 0, "one")));
    assertThat(first.get(20, TimeUnit.SECONDS).text()).isEqualTo("one");
    Frame next = peer.event();
    assertThat(next.fields().text(3)).isEqualTo("second");
    peer.send(V1Peer.EVENT_REPLY, next.id(), V1Peer.message(Answer.of("", 0, "two")));
    assertThat(second.get(20, TimeUnit.SECONDS).text()).isEqualTo("two");
  }

  @Test
  void more_events_than_may_run_are_refused() throws Exception {
    ServerNode server = opened(builder().legacyMaxBody(1000).start());
    V1Peer peer = client(server, "old");
    for (int id = 0; id < 4; id++) {
      peer.send(V1Peer.EVENT, id, V1Peer.event("post", "forever", "", new byte[1000]));
    }

    peer.send(V1Peer.EVENT, 9, V1Peer.event("post", "echo", "text/plain", new byte[1000]));

    Frame refused = peer.reply();
    assertThat(refused.id()).isEqualTo(9);
    assertThat(refused.fields().text(3)).isEqualTo("251");
    assertThat(refused.fields().text(4)).contains("too many events of this connection");
  }

  @Test
  void a_lost_connection_is_told_and_asked_again_where_that_is_safe() throws Exception {
    ServerNode server = server();
    V1Peer peer = client(server, "old", (verb, noun, mimeType, data) -> null);
    var safe = server.peer("old").get("time");
    peer.event();
    peer.close();
    client(server, "old");
    assertThat(safe.get(20, TimeUnit.SECONDS).code()).isZero();

    V1Peer third = client(server, "oldest", (verb, noun, mimeType, data) -> null);
    var unsafe = server.peer("oldest").post("pay", "text/plain", Body.of("1"));
    third.event();
    third.close();
    client(server, "oldest");

    assertThat(unsafe)
        .failsWithin(Duration.ofSeconds(20))
        .withThrowableThat()
        .havingCause()
        .isInstanceOfSatisfying(PipeException.class, e -> assertThat(e.outcomeUnknown()).isTrue());
  }

  @Test
  void bytes_that_break_the_protocol_close_the_connection_and_nothing_else() throws Exception {
    ServerNode server = opened(builder().legacyMaxBody(100_000).start());
    V1Peer good = client(server, "good");
    try (var log = new CapturedLines("io.restpipe.pipe.internal.legacy")) {
      breaks(server, "7f00000000010000000100", "unknown frame type 0x7f");
      breaks(server, "0200ffffffff00000001", "event must have at most 165536 bytes: 4294967295");
      breaks(server, "02000000000300000001" + "120567", "breaks off inside a field");
      breaks(server, "02000000000300000001" + "1a01ff", "event noun is not UTF-8");
      V1Peer truncated = client(server, "bad");
      truncated.write(HexFormat.of().parseHex("02000000100000000001" + "0801"));
      truncated.close();
      await(() -> !server.peer("bad").connected());
      await(() -> log.contains("2 of the 4096 bytes of its event"));
      assertThat(log.lines()).allMatch(line -> line.startsWith("bad "));
      assertThat(log.contains("unknown frame type 0x7f: closing")).isTrue();
    }

    assertThat(good.ask("get", "time", "", new byte[0]).fields().text(3)).isEqualTo("0");
  }

  private void breaks(ServerNode server, String bytes, String reason) throws Exception {
    V1Peer peer = client(server, "bad");
    try (var log = new CapturedLines("io.restpipe.pipe.internal.legacy")) {
      peer.write(HexFormat.of().parseHex(bytes));
      peer.awaitEnd();
      await(() -> log.contains(reason));
    }
    await(() -> !server.peer("bad").connected());
  }

  @Test
  void where_it_is_switched_off_a_client_is_refused_and_the_log_says_why() throws Exception {
    ServerNode server = opened(builder().legacy(false).start());
    try (var log = new CapturedLines("io.restpipe.pipe.internal.link")) {
      try {
        V1Peer.dial(Certificates.client("old"), server.address().getPort(), TIME_AND_CAT).close();
      } catch (IOException refused) {
        assertThat(refused).hasMessageContaining("no_application_protocol");
      }
      await(() -> log.contains("RestPipe 0.2.11"));
      assertThat(log.contains("server.legacy")).isTrue();
    }
  }

  @Test
  void a_drain_lets_what_runs_finish() throws Exception {
    var running = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    ServerNode server =
        opened(
            builder()
                .hardShutdownInterval(Duration.ofSeconds(20))
                .on(
                    Verb.GET,
                    "slow",
                    (context, data) -> {
                      running.countDown();
                      go.await();
                      return "done";
                    })
                .start());
    V1Peer peer = client(server, "old");
    peer.send(V1Peer.EVENT, 1_000_000_000, V1Peer.event("get", "slow", "", new byte[0]));
    running.await();

    var closing = new Thread(server::close);
    closing.start();
    await(() -> !server.peer("old").connected());
    go.countDown();

    assertThat(new String(peer.reply().fields().bytes(4), StandardCharsets.UTF_8))
        .isEqualTo("\"done\"");
    peer.awaitEnd();
    closing.join();
  }
}

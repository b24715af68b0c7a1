package io.restpipe.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.restpipe.event.Body;
import io.restpipe.event.Event;
import io.restpipe.event.EventContext;
import io.restpipe.event.Principal;
import io.restpipe.event.Reply;
import io.restpipe.event.Verb;
import io.restpipe.pipe.Peer;
import io.restpipe.pipe.PipeException;
import io.restpipe.security.Access;
import io.restpipe.security.Authorizer;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls from client to client through the server, and whom handlers see behind an event. */
@Timeout(60)
class RelayTest {

  /** Lets kiosk call everything on printer, and vouch for users with the role guest. */
  private static final Authorizer RULES =
      new Authorizer() {
        @Override
        public Decision decide(Access access) {
          boolean relay =
              access.client()
                  && access.caller().kind() != Principal.Kind.LOCAL
                  && !access.target().equals("printer")
                  && !access.target().equals("away")
                  && !access.target().equals("nobody");
          return new Decision(!relay && !access.noun().equals("secret"), "test rule");
        }

        @Override
        public Optional<Principal> vouched(String client, Principal user) {
          List<String> roles = user.roles().stream().filter("guest"::equals).toList();
          return client.equals("kiosk") && !user.name().equals("root")
              ? Optional.of(user.toBuilder().roles(roles).build())
              : Optional.empty();
        }
      };

  private final CountDownLatch cancelled = new CountDownLatch(1);
  private final AtomicInteger posts = new AtomicInteger();
  private ServerNode server;
  private ClientNode kiosk;
  private ClientNode printer;

  @BeforeEach
  void connect() throws Exception {
    start(RULES);
  }

  private void start(Authorizer rules) throws Exception {
    ServerNode.Builder builder =
        ServerNode.builder(Certificates.server())
            .bind("127.0.0.1", 0)
            .gateway("127.0.0.1:0")
            .accessLog(false)
            .peerWait(Duration.ofMillis(300))
            .on(Verb.GET, "who", (context, data) -> who(context))
            .on(Verb.GET, "secret", (context, data) -> "never");
    if (rules != null) {
      builder.authorizer(rules);
    }
    server = builder.start();
    printer =
        client("printer")
            .on(Verb.GET, "who", (context, data) -> who(context))
            .on(Verb.GET, "secret", (context, data) -> "never")
            .on(Verb.POST, "echo", (context, data) -> data.stream())
            .on(Verb.POST, "once", (context, data) -> posts.incrementAndGet())
            .on(Verb.GET, "forever", (context, data) -> forever(context))
            .on(Verb.GET, "fail", (context, data) -> fail())
            .start();
    kiosk = client("kiosk").gateway("127.0.0.1:0").accessLog(false).start();
    printer.awaitConnected(Duration.ofSeconds(20));
    kiosk.awaitConnected(Duration.ofSeconds(20));
  }

  private ClientNode.Builder client(String name) {
    return ClientNode.builder(Certificates.client(name))
        .server("localhost", server.address().getPort());
  }

  private static String who(EventContext context) {
    Principal caller = context.caller();
    return caller + " " + caller.roles() + " from " + context.peer().name();
  }

  private Object forever(EventContext context) {
    context.onCancel(cancelled::countDown);
    return new CompletableFuture<Reply>();
  }

  private static Object fail() {
    throw new IllegalStateException("no paper");
  }

  @AfterEach
  void close() {
    kiosk.close();
    printer.close();
    server.close();
  }

  private Peer other() {
    return kiosk.peers().peer("printer");
  }

  private static String text(CompletableFuture<Reply> reply) throws Exception {
    return reply.get(20, TimeUnit.SECONDS).text();
  }

  private static PipeException failure(CompletableFuture<Reply> reply) {
    ExecutionException failed =
        catchThrowableOfType(ExecutionException.class, () -> reply.get(20, TimeUnit.SECONDS));
    return (PipeException) failed.getCause();
  }

  @Test
  void a_client_calls_another_through_its_gateway() throws Exception {
    HttpResponse<String> answer = get("/client/printer/who");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo("\"peer kiosk, vouched for by pipe.test [] from pipe.test\"");
  }

  private HttpResponse<String> get(String path) throws Exception {
    URI uri = URI.create(kiosk.gatewayAddress().orElseThrow() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void a_client_vouches_within_its_bounds() throws Exception {
    Principal anna = Principal.user("anna").roles(List.of("admin", "guest")).build();
    Event event = Event.at(Verb.GET, "who").caller(anna).build();

    assertThat(text(kiosk.server().call(event)))
        .contains("user anna, vouched for by kiosk [guest] from kiosk");
    assertThat(text(other().call(event)))
        .contains("user anna, vouched for by kiosk [guest] from pipe.test");
    assertThat(text(printer.server().call(event))).contains("peer printer, for anna [] from");
  }

  @Test
  void nobody_gets_more_by_claiming_it() throws Exception {
    Principal root = Principal.user("root").roles(List.of("admin")).vouchedBy("pipe.test").build();
    Principal server = Principal.peer("pipe.test");

    assertThat(text(kiosk.server().call(Event.at(Verb.GET, "who").caller(root).build())))
        .contains("peer kiosk, for root [] from kiosk");
    assertThat(text(kiosk.server().call(Event.at(Verb.GET, "who").caller(server).build())))
        .contains("peer kiosk, for pipe.test [] from kiosk");
  }

  @Test
  void a_client_takes_its_servers_word() throws Exception {
    Principal anna = Principal.user("anna").roles(List.of("admin")).build();

    assertThat(text(server.peer("printer").call(Event.at(Verb.GET, "who").caller(anna).build())))
        .contains("user anna, vouched for by pipe.test [admin] from pipe.test");
    assertThat(text(server.peer("printer").get("who"))).contains("peer pipe.test [] from");
  }

  @Test
  void what_the_policy_forbids_is_not_run() {
    assertThat(failure(other().get("secret")).reason()).isEqualTo(PipeException.Reason.FORBIDDEN);
    assertThat(failure(kiosk.server().get("secret")))
        .hasMessageContaining("the policy of the server does not allow it: peer kiosk: GET secret");
    assertThat(failure(printer.peers().peer("kiosk").get("who")).reason())
        .isEqualTo(PipeException.Reason.FORBIDDEN);
    assertThat(failure(server.peer("printer").get("secret")).reason())
        .isEqualTo(PipeException.Reason.FORBIDDEN);
  }

  @Test
  void nothing_goes_round() {
    assertThat(failure(kiosk.peers().peer("kiosk").get("who")))
        .hasMessageContaining("not passed back to the client that it comes from");
    Event again = Event.at(Verb.GET, "who").relayTo("printer").build();
    assertThat(failure(server.peer("printer").call(again)).reason())
        .isEqualTo(PipeException.Reason.FORBIDDEN);
  }

  @Test
  void without_a_policy_clients_do_not_call_each_other() throws Exception {
    close();
    start(null);

    assertThat(get("/client/printer/who").statusCode()).isEqualTo(403);
    assertThat(text(kiosk.server().get("who"))).contains("peer kiosk [] from kiosk");
  }

  @Test
  void bodies_stream_through_both_ways() throws Exception {
    long size = 20_000_000;
    CompletableFuture<Reply> sent =
        other()
            .send(
                Event.at(Verb.POST, "echo")
                    .body("x/y", Body.from(new Zeros(size), size, Runnable::run))
                    .timeout(Duration.ofSeconds(40))
                    .build());
    long received = 0;
    try (InputStream in = sent.get(20, TimeUnit.SECONDS).body().stream()) {
      byte[] buffer = new byte[64 * 1024];
      for (int more = in.read(buffer); more >= 0; more = in.read(buffer)) {
        received += more;
      }
    }

    assertThat(received).isEqualTo(size);
  }

  /** That many zeros. */
  private static final class Zeros extends InputStream {
    private long left;

    Zeros(long left) {
      this.left = left;
    }

    @Override
    public int read() {
      return left-- > 0 ? 0 : -1;
    }

    @Override
    public int read(byte[] to, int from, int length) {
      if (left <= 0) {
        return -1;
      }
      int count = (int) Math.min(left, length);
      left -= count;
      return count;
    }
  }

  @Test
  void giving_up_goes_through() throws Exception {
    CompletableFuture<Reply> call = other().exchange(Event.at(Verb.GET, "forever").build());
    text(other().get("who"));

    call.cancel(true);

    assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void the_deadline_goes_through() throws Exception {
    PipeException failure =
        failure(
            other()
                .exchange(Event.at(Verb.GET, "forever").timeout(Duration.ofMillis(300)).build()));

    assertThat(failure.reason()).isEqualTo(PipeException.Reason.TIMED_OUT);
    assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void what_went_wrong_further_on_is_told_as_it_was() throws Exception {
    HttpResponse<String> failed = get("/client/printer/fail");
    assertThat(failed.statusCode()).isEqualTo(500);
    assertThat(failed.body()).contains("no paper");
    assertThat(get("/client/printer/nothing").statusCode()).isEqualTo(404);
    assertThat(get("/client/printer/nothing").headers().firstValue("X-Event-Return-Code"))
        .contains("255");

    try (ClientNode away = client("away").start()) {
      away.awaitConnected(Duration.ofSeconds(20));
      assertThat(kiosk.peers().peer("away").get("$ping").get(20, TimeUnit.SECONDS).code()).isZero();
    }
    HttpResponse<String> gone = get("/client/away/time");
    assertThat(gone.statusCode()).isEqualTo(503);
    assertThat(gone.headers().firstValue("Retry-After")).isPresent();
    assertThat(get("/client/nobody/time").statusCode()).isEqualTo(404);
  }

  @Test
  void the_same_id_of_two_callers_is_two_events() throws Exception {
    Event.Builder post = Event.at(Verb.POST, "once").id("one");
    Event kiosks = post.build();
    Event annas = post.caller(Principal.user("anna").build()).build();

    text(other().call(kiosks));
    text(other().call(kiosks));
    text(other().call(annas));

    assertThat(posts.get()).isEqualTo(2);
  }
}

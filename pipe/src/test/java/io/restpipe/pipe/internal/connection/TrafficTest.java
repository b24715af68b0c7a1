package io.restpipe.pipe.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.Channel;
import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.event.Body;
import io.restpipe.event.Event;
import io.restpipe.event.Exchange;
import io.restpipe.event.Headers;
import io.restpipe.event.Reply;
import io.restpipe.event.Verb;
import io.restpipe.metrics.Metrics;
import io.restpipe.pipe.PipeException;
import io.restpipe.pipe.PipeException.Reason;
import io.restpipe.pipe.internal.tls.HandshakeFailure;
import io.restpipe.pipe.internal.tls.TlsContexts;
import io.restpipe.pipe.internal.tls.TlsEngine;
import io.restpipe.pipe.internal.tls.TlsListener;
import io.restpipe.pipe.internal.tls.TlsPeer;
import io.restpipe.pipe.internal.wire.GoAway;
import io.restpipe.security.NodeRole;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Many calls at once, from many threads, with bodies of all shapes. */
class TrafficTest {

  private static Event event(Body body) {
    return Event.builder(Verb.POST, "noun").body("x/y", body).build();
  }

  @Test
  void many_threads_call_at_once() throws Exception {
    int threads = 8;
    int calls = 500;
    var handlers = Executors.newFixedThreadPool(4);
    var callers = Executors.newFixedThreadPool(threads);
    try (var pair =
        Pair.of(
            exchange ->
                handlers.execute(
                    () -> {
                      byte[] bytes = new byte[4];
                      exchange.event().body().whole().get(bytes);
                      exchange.reply(Reply.of(0, "", Body.of(bytes)));
                    }))) {
      var failures = new LinkedBlockingQueue<Throwable>();
      var done = new CountDownLatch(threads);
      for (int t = 0; t < threads; t++) {
        PipeConnection from = t % 2 == 0 ? pair.dialer : pair.acceptor;
        int thread = t;
        callers.execute(
            () -> {
              try {
                callMany(from, thread, calls);
              } catch (Exception | AssertionError failure) {
                failures.add(failure);
              } finally {
                done.countDown();
              }
            });
      }

      assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(failures).isEmpty();
      await().until(() -> pair.dialer.inFlight() == 0 && pair.acceptor.inFlight() == 0);
    } finally {
      callers.shutdown();
      handlers.shutdown();
    }
  }

  private static void callMany(PipeConnection from, int thread, int calls) throws Exception {
    var replies = new ArrayList<Replies>();
    for (int i = 0; i < calls; i++) {
      byte[] number = ByteBuffer.allocate(4).putInt(thread * calls + i).array();
      replies.add(Pair.call(from, event(Body.of(number))));
    }
    for (int i = 0; i < calls; i++) {
      ByteBuffer answer = ByteBuffer.wrap(replies.get(i).await().bytes());
      assertThat(answer.getInt()).isEqualTo(thread * calls + i);
    }
  }

  @Test
  void more_calls_than_the_peer_takes_wait_their_turn() throws Exception {
    var most = new AtomicInteger();
    var running = new AtomicInteger();
    BlockingQueue<Exchange> exchanges = new LinkedBlockingQueue<>();
    var settings = ConnectionSettings.defaults().withMaxStreams(3).withMaxWaiting(100);
    try (var pair =
        Pair.of(
            settings,
            exchanges::add,
            exchange -> {
              most.accumulateAndGet(running.incrementAndGet(), Math::max);
              exchanges.add(exchange);
            })) {
      var replies = new ArrayList<Replies>();
      for (int i = 0; i < 50; i++) {
        replies.add(Pair.call(pair.dialer, event(Body.empty())));
      }
      await().until(() -> exchanges.size() == 3);
      for (int i = 0; i < 50; i++) {
        Exchange exchange = exchanges.poll(20, TimeUnit.SECONDS);
        running.decrementAndGet();
        exchange.reply(Reply.of(0, "", Body.empty()));
      }

      for (Replies reply : replies) {
        reply.await();
      }
      assertThat(most.get()).isEqualTo(3);
    }
  }

  @Test
  void calls_fail_before_the_greeting_is_complete() throws Exception {
    var watcher = new Watcher();
    var early =
        Pair.connection(
            ConnectionSettings.defaults(), Role.DIALER, "peer", exchange -> {}, watcher);
    try (var ends = new Ends()) {
      ends.connect(pipeline -> pipeline.addLast(early), pipeline -> {});

      PipeException failure = Pair.call(early, event(Body.empty())).awaitFailure();

      assertThat(failure.reason()).isEqualTo(Reason.NOT_CONNECTED);
      assertThat(failure.outcomeUnknown()).isFalse();
      assertThat(early.acceptsEvents()).isFalse();
      early.close(Farewell.of(GoAway.Reason.DRAINING, "never mind"));
      watcher.awaitClosed();
    }
  }

  @Test
  void a_peer_is_known_after_its_greeting() throws Exception {
    try (var pair = Pair.of(PipeConnectionTest.ECHO)) {
      assertThat(pair.dialer.peer().name()).isEqualTo("acceptor");
      assertThat(pair.dialer.peer().instance()).isEqualTo("instance");
      assertThat(pair.dialer.peer().version()).isEqualTo("test");
      assertThat(pair.dialer.peer().protocol()).isEqualTo(2);
      assertThat(pair.dialer.peer().address().getAddress().isLoopbackAddress()).isTrue();
      assertThat(pair.acceptor.theirs().maxStreams())
          .isEqualTo(ConnectionSettings.defaults().maxStreams());
    }
  }

  /** Publishes a body in pieces of random sizes, from whatever thread asks or another one. */
  private static Body pieces(byte[] bytes, long length, Random random, ExecutorService other) {
    return Body.from(
        reader ->
            reader.onSubscribe(
                new Flow.Subscription() {
                  private int at;
                  private boolean done;

                  @Override
                  public void request(long n) {
                    if (random.nextBoolean()) {
                      publish(n);
                    } else {
                      other.execute(() -> publish(n));
                    }
                  }

                  private synchronized void publish(long n) {
                    for (long i = 0; i < n && !done; i++) {
                      int count = Math.min(bytes.length - at, random.nextInt(40_000));
                      at += count;
                      reader.onNext(ByteBuffer.wrap(bytes, at - count, count));
                      if (at == bytes.length) {
                        done = true;
                        reader.onComplete();
                      }
                    }
                  }

                  @Override
                  public synchronized void cancel() {
                    done = true;
                  }
                }),
        length);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void bodies_arrive_as_they_were_sent_however_they_are_cut(long seed) throws Exception {
    var random = new Random(seed);
    // One at a time, so that a publisher's signals are in order whoever asks for them.
    var other = Executors.newSingleThreadExecutor();
    try (var pair =
        Pair.of(
            ConnectionSettings.defaults().withCredit(20_000 + random.nextInt(100_000), 300_000),
            PipeConnectionTest.ECHO,
            PipeConnectionTest.ECHO)) {
      for (int i = 0; i < 8; i++) {
        byte[] bytes = new byte[random.nextInt(i % 2 == 0 ? 100 : 400_000) + 1];
        random.nextBytes(bytes);
        long length = random.nextBoolean() ? bytes.length : Body.UNKNOWN_LENGTH;
        PipeConnection from = random.nextBoolean() ? pair.dialer : pair.acceptor;

        Reply reply =
            Pair.call(from, event(pieces(bytes, length, new Random(random.nextLong()), other)))
                .await();
        BodyReader reader = new BodyReader(reply.body());
        while (!reader.done.isDone()) {
          reader.request(1 + random.nextInt(3));
        }

        assertThat(reader.await()).isEqualTo(bytes.length);
        assertThat(reader.digest()).isEqualTo(MessageDigest.getInstance("MD5").digest(bytes));
      }
    } finally {
      other.shutdown();
    }
  }

  @Test
  void a_body_is_read_once() throws Exception {
    try (var pair = Pair.of(PipeConnectionTest.ECHO)) {
      Reply reply = Pair.call(pair.dialer, event(Body.of(new byte[100_000]))).await();

      assertThat(BodyReader.all(reply.body()).await()).isEqualTo(100_000);
      assertThat(BodyReader.all(reply.body()).done).isCompletedExceptionally();
    }
  }

  @Test
  void a_body_from_a_blocking_stream_arrives() throws Exception {
    byte[] bytes = new byte[1_000_000];
    new Random(5).nextBytes(bytes);
    var reading = Executors.newCachedThreadPool();
    try (var pair = Pair.of(PipeConnectionTest.ECHO)) {
      Body body = Body.from(new ByteArrayInputStream(bytes), bytes.length, reading);

      Reply reply = Pair.call(pair.dialer, event(body)).await();

      assertThat(reply.body().stream().readAllBytes()).isEqualTo(bytes);
    } finally {
      reading.shutdown();
    }
  }

  @Test
  void meters_have_the_names_of_version_1() throws Exception {
    Map<String, Long> counts = new ConcurrentHashMap<>();
    Metrics metrics =
        new Metrics() {
          @Override
          public Counter counter(String name) {
            return count -> counts.merge(name, count, Long::sum);
          }

          @Override
          public Timer timer(String name) {
            return nanos -> counts.merge(name, 1L, Long::sum);
          }

          @Override
          public void gauge(String name, LongSupplier value) {}
        };
    var settings = ConnectionSettings.defaults();
    var watcher = new Watcher();
    var dialer =
        new PipeConnection(
            settings,
            Role.DIALER,
            Pair.hello(settings),
            "peer",
            PipeConnectionTest.ECHO,
            watcher,
            metrics);
    var accepting = new Watcher();
    var acceptor =
        Pair.connection(settings, Role.ACCEPTOR, "d", PipeConnectionTest.ECHO, accepting);
    try (var ends = new Ends()) {
      ends.connect(pipeline -> pipeline.addLast(dialer), pipeline -> pipeline.addLast(acceptor));
      watcher.greeted.get(20, TimeUnit.SECONDS);
      Pair.call(dialer, event(Body.empty())).await();
      accepting.greeted.get(20, TimeUnit.SECONDS);
      Pair.call(acceptor, event(Body.empty())).await();
      await().until(() -> dialer.roundTrip() != null);

      assertThat(counts)
          .containsOnly(
              Map.entry("message.send.tick", 1L),
              Map.entry("message.send.timing", 1L),
              Map.entry("message.receive.tick", 1L),
              Map.entry("message.receive.handle.timing", 1L),
              Map.entry("client.connect.heartbeat.timing", 1L),
              Map.entry("client.connect.heartbeat.success.tick", 1L));
      dialer.close(Farewell.of(GoAway.Reason.DRAINING, ""));
      accepting.awaitClosed();
    }
  }

  @ParameterizedTest
  @EnumSource
  void everything_goes_over_tls(TlsEngine engine) throws Exception {
    assumeThat(engine.isAvailable()).isTrue();
    var authority = CertificateAuthority.inMemory("test CA");
    var server = TlsContexts.of(authority.identity("hub", NodeRole.SERVER), engine);
    var client = TlsContexts.of(authority.identity("fileserver", NodeRole.CLIENT), engine);
    byte[] bytes = new byte[3_000_000];
    new Random(3).nextBytes(bytes);
    try (var pair =
        new Pair(
            ConnectionSettings.defaults(),
            PipeConnectionTest.ECHO,
            PipeConnectionTest.ECHO,
            (pipeline, connection) -> client.dial(pipeline, "hub", 1, whenSecured(connection)),
            (pipeline, connection) -> server.accept(pipeline, whenSecured(connection)))) {
      for (PipeConnection from : new PipeConnection[] {pair.dialer, pair.acceptor}) {
        assertThat(Pair.call(from, event(Body.of("hello"))).await().text()).isEqualTo("hello");
        Reply large = Pair.call(from, event(Body.of(bytes))).await();
        BodyReader reader = BodyReader.all(large.body());
        assertThat(reader.await()).isEqualTo(bytes.length);
        assertThat(reader.digest()).isEqualTo(MessageDigest.getInstance("MD5").digest(bytes));
      }
    }
  }

  private static TlsListener whenSecured(PipeConnection connection) {
    return new TlsListener() {
      @Override
      public void secured(Channel channel, TlsPeer peer) {
        channel.pipeline().addLast(connection);
      }

      @Override
      public void refused(Channel channel, HandshakeFailure failure) {
        throw new AssertionError(failure);
      }
    };
  }

  @Test
  void headers_and_parameters_arrive() throws Exception {
    BlockingQueue<Exchange> exchanges = new LinkedBlockingQueue<>();
    try (var pair = Pair.of(exchanges::add)) {
      var replies = new Replies();
      pair.dialer.send(
          Event.builder(Verb.PATCH, "a/b")
              .parameters(List.of("", "ü", "x y"))
              .query("q=1")
              .headers(Headers.of("A", "1", "a", "2"))
              .build(),
          "event-id",
          Duration.ofSeconds(30),
          true,
          replies);

      Exchange exchange = exchanges.poll(20, TimeUnit.SECONDS);
      assertThat(exchange.eventId()).isEqualTo("event-id");
      assertThat(exchange.event().id()).contains("event-id");
      assertThat(exchange.resent()).isTrue();
      assertThat(exchange.event().verb()).isEqualTo(Verb.PATCH);
      assertThat(exchange.event().parameters()).containsExactly("", "ü", "x y");
      assertThat(exchange.event().query()).isEqualTo("q=1");
      assertThat(exchange.event().headers().all("a")).containsExactly("1", "2");
      assertThat(exchange.event().timeout().orElseThrow())
          .isBetween(Duration.ofSeconds(20), Duration.ofSeconds(30));
      assertThat(exchange.peer().name()).isEqualTo("dialer");
      exchange.reply(new Reply(200, "t/x", Headers.of("B", "3"), Body.empty()));
      assertThat(replies.await().headers().first("b")).contains("3");
    }
  }
}

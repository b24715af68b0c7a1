package io.restpipe.pipe.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restpipe.event.Body;
import io.restpipe.event.Chunk;
import io.restpipe.event.Event;
import io.restpipe.event.Exchange;
import io.restpipe.event.Reply;
import io.restpipe.event.Verb;
import io.restpipe.pipe.internal.wire.FrameWriter;
import io.restpipe.pipe.internal.wire.Hello;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a connection holds is bounded, and what is bounded still moves. */
class FlowControlTest {

  private static final int MIB = 1024 * 1024;

  /** Zeros without end, made as they are asked for; counts what was asked for. */
  private record Endless(long size, AtomicLong made) implements Flow.Publisher<ByteBuffer> {

    Body body() {
      return Body.from(this, size);
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> reader) {
      reader.onSubscribe(
          new Flow.Subscription() {
            private boolean done;

            @Override
            public void request(long n) {
              for (long i = 0; i < n && !done; i++) {
                int count = (int) Math.min(16 * 1024, size - made.get());
                made.addAndGet(count);
                reader.onNext(ByteBuffer.allocate(count));
                if (!done && made.get() == size) {
                  done = true;
                  reader.onComplete();
                }
              }
            }

            @Override
            public void cancel() {
              done = true;
            }
          });
    }
  }

  private static Endless zeros(long size) {
    return new Endless(size, new AtomicLong());
  }

  private static Event event(Body body) {
    return Event.builder(Verb.PUT, "noun").body("x/y", body).build();
  }

  @Test
  void holds_no_more_than_its_bound_for_readers_that_never_read() throws Exception {
    var settings = ConnectionSettings.defaults().withCredit(256 * 1024, 2 * MIB);
    var exchanges = new LinkedBlockingQueue<Exchange>();
    try (var pair = Pair.of(settings, exchanges::add, exchanges::add)) {
      var sources = new ArrayList<Endless>();
      var calls = new ArrayList<Replies>();

      for (int i = 0; i < 20; i++) {
        Endless source = zeros(100 * MIB);
        sources.add(source);
        calls.add(Pair.call(pair.dialer, event(source.body())));
      }
      await()
          .atMost(Pair.TIMEOUT)
          .until(() -> total(sources) >= 2 * MIB && pair.ends.held() >= 2 * MIB);
      // A call there and back shows that everything else on the loops has been done.
      settle(pair, exchanges);

      // What is read, and what waits at the sender: 8 chunks a body, and the channel's buffer.
      assertThat(total(sources)).isLessThan(2 * MIB + 20 * 9 * 16 * 1024 + 256 * 1024);
      assertThat(pair.ends.held()).isLessThan(settings.mostHeld());

      for (Exchange exchange : exchanges) {
        exchange.refuse(Exchange.Refusal.TOO_LARGE, "");
      }
      for (Replies call : calls) {
        call.awaitFailure();
      }
    }
  }

  private static long total(Iterable<Endless> sources) {
    long total = 0;
    for (Endless source : sources) {
      total += source.made.get();
    }
    return total;
  }

  private static void settle(Pair pair, LinkedBlockingQueue<Exchange> exchanges) throws Exception {
    var all = new ArrayList<Exchange>();
    exchanges.drainTo(all);
    Replies call = Pair.call(pair.dialer, Event.builder(Verb.GET, "settle").build());
    Exchange exchange = exchanges.poll(20, TimeUnit.SECONDS);
    while (exchange != null && !exchange.event().noun().equals("settle")) {
      all.add(exchange);
      exchange = exchanges.poll(20, TimeUnit.SECONDS);
    }
    exchange.reply(Reply.of(0, "", Body.empty()));
    call.await();
    exchanges.addAll(all);
  }

  @Test
  void holds_no_more_than_its_bound_for_a_peer_that_never_grants() throws Exception {
    var settings = ConnectionSettings.defaults();
    Hello stingy = Pair.hello(settings.withCredit(16 * 1024, 32 * 1024));
    var sources = new ArrayList<Endless>();
    try (var peer =
        RawPeer.greeted(
            settings,
            exchange -> {
              Endless source = zeros(1000L * MIB);
              sources.add(source);
              exchange.reply(Reply.of(0, "", source.body()));
            },
            stingy)) {
      for (int stream = 1; stream < 40; stream += 2) {
        peer.event(stream, true);
      }
      int got = 0;
      while (got < 32 * 1024) {
        got += peer.next("DATA").size();
      }
      peer.write(out -> FrameWriter.ping(out, 1));
      peer.next("PONG");

      assertThat(total(sources)).isLessThanOrEqualTo(32 * 1024 + 20 * 9 * 16 * 1024);
      assertThat(peer.ends.held()).isLessThan(settings.mostHeld());

      peer.write(out -> FrameWriter.credit(out, 0, 1000));
      int more = 0;
      while (more < 1000) {
        more += peer.next("DATA").size();
      }
      assertThat(more).isEqualTo(1000);
    }
  }

  @Test
  void closes_when_the_peer_takes_no_bytes() throws Exception {
    var settings = ConnectionSettings.defaults().withWriteTimeout(Duration.ofMillis(400));
    Endless source = zeros(1000L * MIB);
    try (var peer =
        RawPeer.greeted(
            settings,
            exchange -> exchange.reply(Reply.of(0, "", source.body())),
            Pair.hello(settings.withCredit(Integer.MAX_VALUE, Integer.MAX_VALUE)))) {
      peer.event(1, true);
      peer.next("DATA");
      peer.stopReading();

      assertThat(peer.watcher.awaitClosed().cause()).hasMessageContaining("takes no bytes for");
      assertThat(source.made.get()).isLessThan(100 * MIB);
    }
  }

  @Test
  void both_ends_that_saturate_each_other_finish() throws Exception {
    long size = 32 * MIB;
    ExecutorService slow = Executors.newFixedThreadPool(2);
    try (var pair = Pair.of(exchange -> exchange.reply(Reply.of(0, "", exchange.event().body())))) {
      Replies there = Pair.call(pair.dialer, event(zeros(size).body()));
      Replies back = Pair.call(pair.acceptor, event(zeros(size).body()));

      var first = readSlowly(there.await().body(), slow);
      var second = readSlowly(back.await().body(), slow);

      assertThat(first.get(60, TimeUnit.SECONDS)).isEqualTo(size);
      assertThat(second.get(60, TimeUnit.SECONDS)).isEqualTo(size);
    } finally {
      slow.shutdown();
    }
  }

  /** Takes a chunk, hands it to another thread, and asks for the next from there. */
  private static CompletableFuture<Long> readSlowly(Body body, Executor other) {
    var done = new CompletableFuture<Long>();
    body.subscribe(
        new Flow.Subscriber<>() {
          private Flow.Subscription subscription;
          private long size;

          @Override
          public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(1);
          }

          @Override
          public void onNext(Chunk chunk) {
            size += chunk.buffer().remaining();
            other.execute(
                () -> {
                  chunk.release();
                  subscription.request(1);
                });
          }

          @Override
          public void onError(Throwable failure) {
            done.completeExceptionally(failure);
          }

          @Override
          public void onComplete() {
            done.complete(size);
          }
        });
    return done;
  }

  @Test
  void small_calls_overtake_a_stream_that_has_no_end() throws Exception {
    long size = 4000L * MIB;
    Endless source = zeros(size);
    var streaming = new CompletableFuture<Exchange>();
    try (var pair =
        Pair.of(
            exchange -> {
              if (exchange.event().verb() == Verb.PUT) {
                streaming.complete(exchange);
                BodyReader.all(exchange.event().body());
              } else {
                exchange.reply(Reply.of(0, "", Body.of("small")));
              }
            })) {
      Replies large = Pair.call(pair.dialer, event(source.body()));
      await().atMost(Pair.TIMEOUT).until(() -> source.made.get() > 8 * MIB);

      for (int i = 0; i < 50; i++) {
        long before = source.made.get();
        Replies small =
            Pair.call(pair.dialer, Event.builder(Verb.GET, "noun").body("", "x").build());
        small.await();
        // A call waits for what is buffered on the way there, not for the stream's end.
        assertThat(source.made.get() - before).isLessThan(64 * MIB);
      }

      assertThat(source.made.get()).isLessThan(size);
      assertThat(large.isDone()).isFalse();
      streaming.join().refuse(Exchange.Refusal.TOO_LARGE, "");
      large.awaitFailure();
    }
  }

  /** That many bytes of one stream without one of another between them. */
  private record Run(int stream, int bytes) {}

  /** In which order three replies of that size come. */
  private static List<Run> runs(int size) throws Exception {
    Hello generous = Pair.hello(ConnectionSettings.defaults().withCredit(MIB, 16 * MIB));
    byte[] body = new byte[size];
    var exchanges = new LinkedBlockingQueue<Exchange>();
    try (var peer = RawPeer.greeted(ConnectionSettings.defaults(), exchanges::add, generous)) {
      for (int stream = 1; stream <= 5; stream += 2) {
        peer.event(stream, true);
      }
      await().until(() -> exchanges.size() == 3);

      peer.connection
          .loop()
          .execute(() -> exchanges.forEach(e -> e.reply(Reply.of(0, "", Body.of(body)))));

      var runs = new ArrayList<Run>();
      for (int left = 3 * size; left > 0; ) {
        RawPeer.Frame piece = peer.next("DATA");
        left -= piece.size();
        Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
        if (last != null && last.stream() == piece.stream()) {
          runs.set(runs.size() - 1, new Run(last.stream(), last.bytes() + piece.size()));
        } else {
          runs.add(new Run(piece.stream(), piece.size()));
        }
      }
      return runs;
    }
  }

  @Test
  void long_bodies_take_turns_after_their_first_run() throws Exception {
    List<Run> runs = runs(400_000);

    assertThat(runs.get(0).stream()).isEqualTo(1);
    assertThat(runs.get(0).bytes()).isBetween(64 * 1024, 96 * 1024);
    List<Run> turns = runs.subList(runs.size() - 40, runs.size() - 3);
    assertThat(turns).allMatch(run -> run.bytes() <= 16 * 1024);
    assertThat(turns.subList(0, 3)).extracting(Run::stream).containsExactlyInAnyOrder(1, 3, 5);
    for (int i = 3; i < turns.size(); i++) {
      assertThat(turns.get(i).stream()).isEqualTo(turns.get(i - 3).stream());
    }
  }

  @Test
  void short_bodies_come_one_after_the_other() throws Exception {
    assertThat(runs(40_000))
        .containsExactly(new Run(1, 40_000), new Run(3, 40_000), new Run(5, 40_000));
  }

  @Test
  void bodies_that_begin_leave_a_share_to_a_long_one() throws Exception {
    int shortOnes = 200;
    Hello generous = Pair.hello(ConnectionSettings.defaults().withCredit(8 * MIB, 64 * MIB));
    var exchanges = new LinkedBlockingQueue<Exchange>();
    try (var peer = RawPeer.greeted(ConnectionSettings.defaults(), exchanges::add, generous)) {
      for (int i = 0; i <= shortOnes; i++) {
        peer.event(1 + 2 * i, true);
      }
      await().until(() -> exchanges.size() == shortOnes + 1);

      peer.connection
          .loop()
          .execute(
              () -> {
                exchanges.remove().reply(Reply.of(0, "", Body.of(new byte[4 * MIB])));
                exchanges.forEach(e -> e.reply(Reply.of(0, "", Body.of(new byte[60_000]))));
              });

      long begun = 0;
      long longOne = 0;
      while (begun < 100 * 60_000L) {
        RawPeer.Frame frame = peer.next("DATA");
        if (frame.stream() == 1) {
          longOne += frame.size();
        } else {
          begun += frame.size();
        }
      }
      assertThat(longOne).isBetween(begun / 8, begun / 2);
    }
  }

  @Test
  void a_window_that_is_too_small_for_the_round_trip_grows() throws Exception {
    var window = new ReceiveWindow(1000, 5000, 0);

    window.take(600, "test");
    assertThat(window.read(600, 10, 100, 1_000_000, 1)).isEqualTo(600 + 1000);
    assertThat(window.size()).isEqualTo(2000);
    window.take(1000, "test");
    assertThat(window.read(1000, 300, 100, 1_000_000, 1)).as("slowly").isEqualTo(1000);
    window.take(1000, "test");
    assertThat(window.read(1000, 310, 100, 1_000_000, 1)).isEqualTo(3000);
    window.take(4000, "test");
    assertThat(window.read(4000, 320, 100, 1_000_000, 1)).as("up to its bound").isEqualTo(5000);
    window.take(10, "test");
    assertThat(window.read(10, 330, 100, 1_000_000, 1)).isZero();
    assertThat(window.read(0, 2_000_000, 100, 1_000_000, 1)).as("after a while").isEqualTo(10);
  }
}

package io.restpipe.pipe.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.restpipe.event.Body;
import io.restpipe.event.EventProcessor;
import io.restpipe.event.Exchange;
import io.restpipe.event.Headers;
import io.restpipe.event.Reply;
import io.restpipe.event.Verb;
import io.restpipe.pipe.internal.wire.CancelCode;
import io.restpipe.pipe.internal.wire.EventHead;
import io.restpipe.pipe.internal.wire.FrameWriter;
import io.restpipe.pipe.internal.wire.ProtocolException;
import io.restpipe.pipe.internal.wire.ReplyHead;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A peer that breaks the protocol is told how, and cut off. */
class ProtocolViolationTest {

  /** Leaves every event unanswered. */
  static final EventProcessor SILENT = exchange -> {};

  static Stream<Arguments> violations() {
    return Stream.of(
        violation("EVENT on stream 2, which is not the sender's", out -> event(out, 2)),
        violation(
            "EVENT on stream 3 after stream 5",
            out -> {
              event(out, 5);
              event(out, 3);
            }),
        violation("REPLY on stream 2, which was never opened", out -> reply(out, 2)),
        violation("CREDIT on stream 9, which was never", out -> FrameWriter.credit(out, 9, 1)),
        violation("DATA on stream 1, which was never", out -> data(out, 1, 1, true)),
        violation(
            "CANCEL on stream 4, which was never",
            out -> FrameWriter.cancel(out, 4, CancelCode.CALLER_GONE, "")),
        violation(
            "REPLY on stream 1, which its sender opened",
            out -> {
              event(out, 1);
              reply(out, 1);
            }),
        violation(
            "DATA after the end of the body on stream 1",
            out -> {
              event(out, 1);
              data(out, 1, 1, false);
            }),
        violation(
            "second HELLO",
            out -> FrameWriter.hello(out, Pair.hello(ConnectionSettings.defaults()))),
        violation(
            "credit of the connection exceeds 2147483647",
            out -> {
              FrameWriter.credit(out, 0, Integer.MAX_VALUE);
              FrameWriter.credit(out, 0, Integer.MAX_VALUE);
            }),
        violation(
            "credit of stream 1 exceeds 2147483647",
            out -> {
              event(out, 1);
              FrameWriter.credit(out, 1, Integer.MAX_VALUE);
              FrameWriter.credit(out, 1, Integer.MAX_VALUE);
            }),
        violation("unknown frame type", out -> out.writeZero(10).setByte(0, 0x7e)));
  }

  private static Arguments violation(String text, Consumer<ByteBuf> frames) {
    return Arguments.of(text, frames);
  }

  private static void event(ByteBuf out, int stream) {
    RawPeer.event(out, stream, 20_000, true);
  }

  private static void reply(ByteBuf out, int stream) {
    FrameWriter.reply(out, stream, new ReplyHead(0, "", Headers.empty(), 0), true);
  }

  private static void data(ByteBuf out, int stream, int size, boolean end) {
    FrameWriter.dataHeader(out, stream, size, end);
    out.writeZero(size);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("violations")
  void closes_the_connection_with_a_reason(String text, Consumer<ByteBuf> frames) throws Exception {
    try (var peer = RawPeer.greeted(ConnectionSettings.defaults(), SILENT)) {
      peer.write(frames);

      assertThat(peer.next("GOAWAY").what()).startsWith("PROTOCOL_ERROR").contains(text);
      assertThat(peer.awaitGone()).isTrue();
      assertThat(peer.watcher.awaitClosed().cause()).isInstanceOf(ProtocolException.class);
    }
  }

  @Test
  void wants_a_greeting_first() throws Exception {
    try (var peer = new RawPeer(ConnectionSettings.defaults(), SILENT)) {
      peer.event(1, true);

      assertThat(peer.next("GOAWAY").what()).contains("EVENT before HELLO");
      assertThat(peer.awaitGone()).isTrue();
    }
  }

  @Test
  void closes_when_no_greeting_comes() throws Exception {
    var impatient = ConnectionSettings.defaults().withHelloTimeout(Duration.ofMillis(100));
    try (var peer = new RawPeer(impatient, SILENT)) {
      assertThat(peer.awaitGone()).isTrue();
      assertThat(peer.watcher.awaitClosed().cause()).hasMessageContaining("no HELLO within");
    }
  }

  @Test
  void closes_when_a_stream_overruns_its_credit() throws Exception {
    var settings = ConnectionSettings.defaults().withCredit(16 * 1024, 64 * 1024);
    try (var peer = RawPeer.greeted(settings, SILENT)) {
      peer.event(1, false);
      peer.data(1, 16_000, false);
      peer.data(1, 1_000, false);

      assertThat(peer.next("GOAWAY").what())
          .contains("DATA exceeds the credit of stream 1: 1000 bytes, 384 are granted");
    }
  }

  @Test
  void closes_when_the_connection_overruns_its_credit() throws Exception {
    var settings = ConnectionSettings.defaults().withCredit(16 * 1024, 32 * 1024);
    try (var peer = RawPeer.greeted(settings, SILENT)) {
      for (int stream = 1; stream <= 5; stream += 2) {
        peer.event(stream, false);
        peer.data(stream, 12_000, false);
      }

      assertThat(peer.next("GOAWAY").what()).contains("DATA exceeds the credit of the connection");
    }
  }

  @Test
  void closes_when_a_body_is_not_as_long_as_announced() throws Exception {
    try (var peer = RawPeer.greeted(ConnectionSettings.defaults(), SILENT)) {
      peer.write(
          out -> {
            FrameWriter.event(
                out,
                1,
                new EventHead(
                    "id", Verb.PUT, "noun", List.of(), "", Headers.empty(), "", 10, 1000, false),
                false);
            data(out, 1, 9, true);
          });

      assertThat(peer.next("GOAWAY").what())
          .contains("body of stream 1 was announced with 10 bytes, not 9");
    }
  }

  @Test
  void ignores_frames_for_streams_that_have_ended() throws Exception {
    try (var peer =
        RawPeer.greeted(
            ConnectionSettings.defaults().withCredit(16 * 1024, 64 * 1024),
            PipeConnectionTest.ECHO)) {
      peer.event(1, true);
      peer.next("REPLY");

      for (int i = 0; i < 100; i++) {
        peer.data(1, 16_000, i == 99);
        peer.write(out -> FrameWriter.credit(out, 1, 1));
        peer.write(out -> FrameWriter.cancel(out, 1, CancelCode.CALLER_GONE, ""));
        if (i % 3 == 2) {
          // The bytes are dropped, and their credit is given back.
          peer.next("CREDIT");
        }
      }
      peer.event(3, true);

      assertThat(peer.next("REPLY").stream()).isEqualTo(3);
    }
  }

  @Test
  void closes_when_more_streams_are_open_than_allowed() throws Exception {
    var settings = ConnectionSettings.defaults().withMaxStreams(2);
    try (var peer = RawPeer.greeted(settings, SILENT)) {
      peer.event(1, true);
      peer.event(3, true);
      peer.event(5, true);

      assertThat(peer.next("GOAWAY").what()).contains("more than 2 streams are open");
    }
  }

  @Test
  void counts_cancelled_events_until_their_handlers_have_ended() throws Exception {
    var exchanges = new LinkedBlockingQueue<Exchange>();
    var settings = ConnectionSettings.defaults().withMaxStreams(2);
    try (var peer = RawPeer.greeted(settings, exchanges::add)) {
      for (int stream = 1; stream < 2000; stream += 2) {
        int id = stream;
        peer.event(id, true);
        peer.write(out -> FrameWriter.cancel(out, id, CancelCode.CALLER_GONE, ""));
      }

      assertThat(peer.next("CANCEL").what()).isEqualTo("OVERLOADED");
      peer.write(out -> FrameWriter.ping(out, 5));
      peer.next("PONG");
      assertThat(exchanges).hasSize(2);

      exchanges.remove().reply(Reply.of(0, "", Body.empty()));
      exchanges.remove().refuse(Exchange.Refusal.OVERLOADED, "");
      await().until(() -> peer.connection.inFlight() == 0);
      peer.event(2001, true);
      await().until(() -> exchanges.size() == 1);
    }
  }

  @Test
  void an_event_that_is_cancelled_before_its_handler_heard_of_it_leaves_nothing() throws Exception {
    var settings = ConnectionSettings.defaults().withMaxStreams(2);
    try (var peer = RawPeer.greeted(settings, PipeConnectionTest.ECHO)) {
      for (int stream = 1; stream < 100; stream += 2) {
        int id = stream;
        peer.write(
            out -> {
              RawPeer.event(out, id, 1000, false);
              FrameWriter.dataHeader(out, id, 10, false);
              out.writeZero(10);
              FrameWriter.cancel(out, id, CancelCode.CALLER_GONE, "");
            });
      }

      peer.event(101, true);

      assertThat(peer.next("REPLY").stream()).isEqualTo(101);
      assertThat(peer.connection.inFlight()).isZero();
    }
  }

  @Test
  void cuts_off_a_peer_that_does_not_read_its_refusals() throws Exception {
    var settings = ConnectionSettings.defaults().withMaxStreams(1);
    try (var peer = RawPeer.greeted(settings, SILENT)) {
      peer.stopReading();
      peer.event(1, true);
      peer.write(out -> FrameWriter.cancel(out, 1, CancelCode.CALLER_GONE, ""));
      for (int stream = 3; peer.watcher.closed.getNow(null) == null; stream += 2 * 100) {
        int first = stream;
        peer.write(
            out -> {
              for (int id = first; id < first + 2 * 100; id += 2) {
                event(out, id);
                FrameWriter.cancel(out, id, CancelCode.CALLER_GONE, "");
              }
            });
        // One batch at a time, so that this side does not pile up what that side has to bear.
        peer.flushed();
      }

      assertThat(peer.watcher.awaitClosed().cause()).hasMessageContaining("CANCEL frames wait");
    }
  }
}

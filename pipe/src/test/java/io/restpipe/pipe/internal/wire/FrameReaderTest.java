package io.restpipe.pipe.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.restpipe.event.Headers;
import io.restpipe.event.Verb;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FrameReaderTest {

  private static final List<Frames> ONE_OF_EACH =
      List.of(
          new Frames.HelloFrame(
              new Hello(
                  "machine-1",
                  7,
                  "restpipe 0.1",
                  List.of("a", "b"),
                  List.of("workers"),
                  Map.of("site", "Zürich"),
                  1000,
                  262144,
                  16777216,
                  5000,
                  List.of("other:1234"))),
          new Frames.EventFrame(
              1,
              new EventHead(
                  "e-1",
                  Verb.POST,
                  "files",
                  List.of("hello world", "", "Ω𝄞"),
                  "a=b&c",
                  Headers.of("Accept", "*/*", "X-Empty", ""),
                  "application/json",
                  -1,
                  20000,
                  true),
              false),
          new Frames.DataFrame(1, "00ff10", true),
          new Frames.ReplyFrame(
              1, new ReplyHead(251, "text/plain", Headers.of("X-A", "1"), 0), true),
          new Frames.CreditFrame(0, 65536),
          new Frames.CreditFrame(3, Integer.MAX_VALUE),
          new Frames.CancelFrame(2, CancelCode.DEADLINE, "too late, 時間"),
          new Frames.PingFrame(-2),
          new Frames.PongFrame(Long.MAX_VALUE),
          new Frames.GoAwayFrame(
              new GoAway(9, GoAway.Reason.DRAINING, "bye", 100, 5000, List.of("other:1234"))));

  @Test
  void reads_what_the_writer_writes_wherever_the_bytes_are_cut() throws Exception {
    ByteBuf whole = PooledByteBufAllocator.DEFAULT.buffer();
    ONE_OF_EACH.forEach(frame -> frame.writeTo(whole));

    for (int cut = 0; cut <= whole.readableBytes(); cut++) {
      var received = new Received();
      var reader = new FrameReader(received);
      reader.read(whole.copy(0, cut));
      reader.read(whole.copy(cut, whole.readableBytes() - cut));

      assertThat(received.frames()).isEqualTo(ONE_OF_EACH);
    }

    whole.release();
  }
}

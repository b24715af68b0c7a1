package io.restpipe.pipe.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.restpipe.event.Headers;
import io.restpipe.event.Verb;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
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

  @Test
  void passes_large_pieces_on_without_a_copy_and_small_ones_as_copies() throws Exception {
    ByteBuf in = PooledByteBufAllocator.DEFAULT.directBuffer();
    FrameWriter.dataHeader(in, 1, FrameReader.COPY_BELOW, false);
    in.writeZero(FrameReader.COPY_BELOW);
    var bodies = new ArrayList<ByteBuf>();
    FrameWriter.dataHeader(in, 1, FrameReader.COPY_BELOW - 1, true);
    in.writeZero(FrameReader.COPY_BELOW - 1);

    new FrameReader(new Keeping(bodies)).read(in);

    assertThat(bodies).extracting(ByteBuf::isDirect).containsExactly(true, false);
    assertThat(in.refCnt()).isEqualTo(1);
    bodies.get(1).release();
    assertThat(in.refCnt()).isEqualTo(1);
    bodies.get(0).release();
    assertThat(in.refCnt()).isZero();
  }

  @Test
  void passes_a_body_on_as_it_comes() throws Exception {
    ByteBuf frame = Unpooled.buffer();
    new Frames.DataFrame(1, "00112233", true).writeTo(frame);
    var bodies = new ArrayList<ByteBuf>();
    var reader = new FrameReader(new Keeping(bodies));

    reader.read(frame.readRetainedSlice(12));
    assertThat(bodies).extracting(ByteBuf::readableBytes).containsExactly(2);
    reader.read(frame);
    assertThat(bodies).extracting(ByteBuf::readableBytes).containsExactly(2, 2);
  }

  @Test
  void takes_longer_data_where_that_is_configured() throws Exception {
    byte[] payload = new byte[20_000];
    ByteBuf frame = Unpooled.buffer().writeByte(FrameType.DATA).writeByte(FrameType.END);
    frame.writeInt(payload.length).writeInt(1).writeBytes(payload);
    var received = new Received();

    new FrameReader(received, 20_000).read(frame);

    assertThat(received.frames())
        .containsExactly(new Frames.DataFrame(1, "00".repeat(20_000), true));
  }

  @Test
  void reads_nothing_after_an_error_but_releases_it() {
    var received = new Received();
    var reader = new FrameReader(received);
    assertThatThrownBy(() -> reader.read(bytes("16 00 00000007 00000000")))
        .isInstanceOf(ProtocolException.class);

    ByteBuf later = bytes("16 00 00000008 00000000 0000000000000001");
    assertThatCode(() -> reader.read(later)).doesNotThrowAnyException();

    assertThat(later.refCnt()).isZero();
    assertThat(received.frames()).isEmpty();
  }

  @Test
  void stops_where_the_sink_closes_it() throws Exception {
    var received = new ArrayList<Long>();
    var reader = new AtomicReference<FrameReader>();
    reader.set(
        new FrameReader(
            new Pings(
                token -> {
                  received.add(token);
                  reader.get().close();
                })));
    ByteBuf in = bytes("1600000000080000000000000000000000011600000000080000000000000000000002");

    reader.get().read(in);

    assertThat(received).containsExactly(1L);
    assertThat(in.refCnt()).isZero();
  }

  @Test
  void releases_what_it_reads_when_the_sink_throws() {
    var reader =
        new FrameReader(
            new Pings(
                token -> {
                  throw new IllegalStateException("thrown by the sink");
                }));
    ByteBuf in = bytes("160000000008000000000000000000000001");

    assertThatThrownBy(() -> reader.read(in)).hasMessage("thrown by the sink");

    assertThat(in.refCnt()).isZero();
  }

  @Test
  void an_error_of_the_sink_is_not_taken_for_one_of_the_peer() {
    var reader =
        new FrameReader(
            new Received() {
              @Override
              public void event(int stream, EventHead head, boolean end) {
                throw new IllegalArgumentException("thrown by the sink");
              }
            });
    ByteBuf in = Unpooled.buffer();
    ONE_OF_EACH.get(1).writeTo(in);

    assertThatThrownBy(() -> reader.read(in)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_promise_of_bytes_costs_no_memory() throws Exception {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    int readers = 1000;
    var all = new ArrayList<FrameReader>(readers);
    ByteBuf begun = bytes("10 00 00010000 00000000 0a");
    long before = threads.getCurrentThreadAllocatedBytes();

    for (int i = 0; i < readers; i++) {
      var reader = new FrameReader(new Received());
      reader.read(begun.retainedDuplicate());
      all.add(reader);
    }

    assertThat((threads.getCurrentThreadAllocatedBytes() - before) / readers).isLessThan(4096);
    all.forEach(FrameReader::close);
    begun.release();
  }

  private static ByteBuf bytes(String hex) {
    return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
  }

  private static final class Keeping extends Received {

    private final List<ByteBuf> bodies;

    Keeping(List<ByteBuf> bodies) {
      this.bodies = bodies;
    }

    @Override
    public void data(int stream, ByteBuf bytes, boolean end) {
      bodies.add(bytes);
    }
  }

  private static final class Pings extends Received {

    private final LongConsumer received;

    Pings(LongConsumer received) {
      this.received = received;
    }

    @Override
    public void ping(long token) {
      received.accept(token);
    }
  }
}

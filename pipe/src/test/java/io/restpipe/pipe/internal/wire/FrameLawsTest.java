package io.restpipe.pipe.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for all frames. */
class FrameLawsTest {

  @Provide
  Arbitrary<List<Frames>> conversations() {
    return FrameArbitraries.frames().list().ofMinSize(1).ofMaxSize(8);
  }

  @Property(tries = 300)
  void what_is_written_is_read_however_the_bytes_are_cut(
      @ForAll("conversations") List<Frames> frames, @ForAll Random random) throws Exception {
    ByteBuf whole = PooledByteBufAllocator.DEFAULT.directBuffer();
    frames.forEach(frame -> frame.writeTo(whole));

    var received = new Received();
    var pieces = new ArrayList<ByteBuf>();
    var reader = new FrameReader(received);
    int most = 1 << random.nextInt(16);
    while (whole.isReadable()) {
      int size = Math.min(whole.readableBytes(), 1 + random.nextInt(most));
      ByteBuf piece = PooledByteBufAllocator.DEFAULT.directBuffer(size).writeBytes(whole, size);
      pieces.add(piece);
      reader.read(piece);
    }
    whole.release();

    assertThat(received.frames()).isEqualTo(frames);
    assertThat(pieces).allMatch(piece -> piece.refCnt() == 0);
  }

  @Property(tries = 100)
  void nothing_is_read_before_it_is_complete_and_no_prefix_is_an_error(
      @ForAll("conversations") List<Frames> frames, @ForAll Random random) throws Exception {
    ByteBuf whole = PooledByteBufAllocator.DEFAULT.directBuffer();
    frames.forEach(frame -> frame.writeTo(whole));
    ByteBuf prefix = whole.readRetainedSlice(random.nextInt(whole.readableBytes()));

    var received = new Received();
    var reader = new FrameReader(received);
    reader.read(prefix);
    reader.close();

    List<Frames> read = received.frames();
    assertThat(read.size()).isLessThanOrEqualTo(frames.size());
    int complete = read.size();
    if (complete > 0 && read.get(complete - 1) instanceof Frames.DataFrame begun && !begun.end()) {
      complete--;
    }
    assertThat(read.subList(0, complete)).isEqualTo(frames.subList(0, complete));
    assertThat(whole.refCnt()).isEqualTo(1);
    whole.release();
  }
}

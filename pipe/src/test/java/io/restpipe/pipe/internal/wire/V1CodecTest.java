package io.restpipe.pipe.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames of version 1, against the bytes of the original and against bytes that nobody meant. */
class V1CodecTest {

  private static final int MAX_FRAME = 100_000;

  static Stream<V1Vector> frames() throws IOException {
    return V1Vector.read("v1.txt").stream().filter(vector -> vector.error() == null);
  }

  static Stream<V1Vector> canonical() throws IOException {
    return frames().filter(V1Vector::canonical);
  }

  static Stream<V1Vector> malformed() throws IOException {
    return V1Vector.read("v1.txt").stream().filter(vector -> vector.error() != null);
  }

  @ParameterizedTest
  @MethodSource("frames")
  void reader_understands_the_bytes_however_they_are_cut(V1Vector vector) throws Exception {
    for (int size : new int[] {1, 2, 7, 100_000}) {
      var received = new Received();
      var reader = new V1Reader(received, MAX_FRAME);

      for (int at = 0; at < vector.bytes().length; at += size) {
        int count = Math.min(size, vector.bytes().length - at);
        reader.read(Unpooled.copiedBuffer(vector.bytes(), at, count));
      }

      assertThat(received.frames).isEqualTo(vector.out());
      assertThat(reader.incomplete()).isNull();
    }
  }

  @ParameterizedTest
  @MethodSource("canonical")
  void writer_makes_the_same_bytes(V1Vector vector) {
    ByteBuf out = Unpooled.buffer();

    for (V1Frame frame : vector.out()) {
      ByteBuf bytes = frame.write();
      out.writeBytes(bytes);
      bytes.release();
    }

    assertThat(ByteBufUtil.hexDump(out)).isEqualTo(ByteBufUtil.hexDump(vector.bytes()));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void reader_refuses_the_bytes_however_they_are_cut(V1Vector vector) {
    for (int size : new int[] {1, 100_000}) {
      var reader = new V1Reader(new Received(), MAX_FRAME);

      assertThatThrownBy(
              () -> {
                for (int at = 0; at < vector.bytes().length; at += size) {
                  int count = Math.min(size, vector.bytes().length - at);
                  reader.read(Unpooled.copiedBuffer(vector.bytes(), at, count));
                }
              })
          .isInstanceOf(ProtocolException.class)
          .hasMessage(vector.error());
    }
  }

  @Property(tries = 300)
  void what_is_written_is_read_again(
      @ForAll int id,
      @ForAll String verb,
      @ForAll String noun,
      @ForAll String mimeType,
      @ForAll @Size(max = 3000) byte[] data,
      @ForAll @IntRange(min = 0) int code)
      throws Exception {
    var event = new V1Event(unicode(verb), unicode(noun), unicode(mimeType), ByteBuffer.wrap(data));
    var reply = new V1Reply(unicode(mimeType), code * 2L, ByteBuffer.wrap(data));
    var sent =
        List.of(
            new V1Frame.OfEvent(id, event),
            new V1Frame.OfReply(id, reply),
            new V1Frame.OfHeartbeat(id),
            new V1Frame.OfHeartbeatReply(id));
    var received = new Received();

    for (V1Frame frame : sent) {
      new V1Reader(received, MAX_FRAME).read(Unpooled.wrappedBuffer(frame.write()));
    }

    assertThat(received.frames).isEqualTo(sent);
  }

  /** Without halves of surrogate pairs, which UTF-8 cannot carry. */
  private static String unicode(String text) {
    return text.replaceAll("\\p{Cs}", "x");
  }

  @Test
  void random_bytes_and_mutated_frames_are_read_or_refused() throws Exception {
    var random = new Random(1);
    List<byte[]> seeds = V1Vector.read("v1.txt").stream().map(V1Vector::bytes).toList();
    int refused = 0;
    int understood = 0;

    for (int i = 0; i < 60_000; i++) {
      byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
      if (i % 4 == 0) {
        random.nextBytes(bytes);
      }
      for (int n = random.nextInt(5); n > 0 && bytes.length > 0; n--) {
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(4)) {
          case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
          case 1 -> bytes[at] = (byte) random.nextInt();
          case 2 -> bytes = Arrays.copyOf(bytes, at);
          default -> bytes[at] = (byte) (random.nextBoolean() ? 0xff : 0x80);
        }
      }
      var received = new Received();
      var reader = new V1Reader(received, MAX_FRAME);
      var pieces = new ArrayList<ByteBuf>();
      try {
        for (int at = 0; at < bytes.length; ) {
          int size = Math.min(bytes.length - at, 1 + random.nextInt(64));
          ByteBuf piece =
              PooledByteBufAllocator.DEFAULT.heapBuffer(size).writeBytes(bytes, at, size);
          pieces.add(piece);
          at += size;
          reader.read(piece);
        }
      } catch (ProtocolException expected) {
        refused++;
      }
      understood += received.frames.size();
      assertThat(pieces).allMatch(piece -> piece.refCnt() == 0);
    }

    assertThat(refused).isGreaterThan(1000);
    assertThat(understood).isGreaterThan(1000);
  }

  @Test
  void a_frame_that_is_announced_and_does_not_come_takes_no_memory() throws Exception {
    var reader = new V1Reader(new Received(), Integer.MAX_VALUE);
    long before = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();

    reader.read(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("02007fffffff00000001" + "0801")));

    long after = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    assertThat(after - before).isLessThan(100_000_000);
    assertThat(reader.incomplete()).isEqualTo("2 of the 2147483647 bytes of its event");
  }

  @Test
  void a_noun_parts_at_the_first_two_slashes() {
    assertThat(V1Noun.split("time/utc")).isEqualTo(new V1Noun("time/utc", List.of()));
    assertThat(V1Noun.split("cat//hello /world"))
        .isEqualTo(new V1Noun("cat", List.of("hello ", "world")));
    assertThat(V1Noun.split("cat//")).isEqualTo(new V1Noun("cat", List.of("")));
    assertThat(V1Noun.split("cat//a//b")).isEqualTo(new V1Noun("cat", List.of("a")));
    assertThat(V1Noun.split("cat///b")).isEqualTo(new V1Noun("cat", List.of("", "b")));
  }

  @Property(tries = 1000)
  void a_noun_that_can_be_joined_parts_into_the_same_again(
      @ForAll("nouns") String noun, @ForAll("parameters") List<String> parameters) {
    var whole = new V1Noun(noun, parameters);
    String text;
    try {
      text = whole.join();
    } catch (IllegalArgumentException refused) {
      assertThat(refused).hasMessageContaining("cannot be carried by version 1 of the protocol");
      return;
    }
    assertThat(V1Noun.split(text)).isEqualTo(whole);
  }

  @Provide
  Arbitrary<String> nouns() {
    return Arbitraries.strings().withChars('a', '/').ofMaxLength(4);
  }

  @Provide
  Arbitrary<List<String>> parameters() {
    return Arbitraries.strings().withChars('a', 'b', '/').ofMaxLength(2).list().ofMaxSize(4);
  }

  /** What a reader says. */
  static final class Received implements V1Sink {

    final List<V1Frame> frames = new ArrayList<>();

    @Override
    public void heartbeat(int id) {
      frames.add(new V1Frame.OfHeartbeat(id));
    }

    @Override
    public void heartbeatReply(int id) {
      frames.add(new V1Frame.OfHeartbeatReply(id));
    }

    @Override
    public void event(int id, V1Event event) {
      frames.add(new V1Frame.OfEvent(id, event));
    }

    @Override
    public void reply(int id, V1Reply reply) {
      frames.add(new V1Frame.OfReply(id, reply));
    }
  }

  /** A frame that a test can compare and write. */
  sealed interface V1Frame {

    ByteBuf write();

    record OfHeartbeat(int id) implements V1Frame {
      @Override
      public ByteBuf write() {
        return V1Writer.heartbeat(UnpooledByteBufAllocator.DEFAULT, id);
      }
    }

    record OfHeartbeatReply(int id) implements V1Frame {
      @Override
      public ByteBuf write() {
        return V1Writer.heartbeatReply(UnpooledByteBufAllocator.DEFAULT, id);
      }
    }

    record OfEvent(int id, V1Event event) implements V1Frame {
      @Override
      public ByteBuf write() {
        return V1Writer.event(UnpooledByteBufAllocator.DEFAULT, id, event);
      }
    }

    record OfReply(int id, V1Reply reply) implements V1Frame {
      @Override
      public ByteBuf write() {
        return V1Writer.reply(UnpooledByteBufAllocator.DEFAULT, id, reply);
      }
    }
  }
}

package io.restpipe.pipe.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/protocol-vectors}, in both directions. */
class ProtocolVectorsTest {

  static List<Vector> frames() throws IOException {
    return Vector.read("frames.txt");
  }

  static Stream<Vector> canonicalFrames() throws IOException {
    return frames().stream().filter(Vector::canonical);
  }

  static List<Vector> malformed() throws IOException {
    return Vector.read("malformed.txt");
  }

  @ParameterizedTest
  @MethodSource("frames")
  void reader_understands_the_bytes(Vector vector) throws Exception {
    var received = new Received();

    new FrameReader(received).read(Unpooled.wrappedBuffer(vector.bytes()));

    assertThat(received.frames()).isEqualTo(vector.out());
  }

  @ParameterizedTest
  @MethodSource("frames")
  void reader_understands_the_bytes_one_by_one(Vector vector) throws Exception {
    var received = new Received();
    var reader = new FrameReader(received);

    for (byte octet : vector.bytes()) {
      reader.read(Unpooled.wrappedBuffer(new byte[] {octet}));
    }

    assertThat(received.frames()).isEqualTo(vector.out());
  }

  @ParameterizedTest
  @MethodSource("canonicalFrames")
  void writer_makes_the_same_bytes(Vector vector) {
    ByteBuf out = Unpooled.buffer();

    vector.out().forEach(frame -> frame.writeTo(out));

    assertThat(ByteBufUtil.hexDump(out)).isEqualTo(ByteBufUtil.hexDump(vector.bytes()));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void reader_refuses_the_bytes(Vector vector) {
    var received = new Received();
    var reader = new FrameReader(received);

    assertThatThrownBy(() -> reader.read(Unpooled.wrappedBuffer(vector.bytes())))
        .isInstanceOf(ProtocolException.class)
        .hasMessage(vector.error());
    assertThat(received.frames()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void reader_refuses_the_bytes_one_by_one(Vector vector) {
    var reader = new FrameReader(new Received());

    assertThatThrownBy(
            () -> {
              for (byte octet : vector.bytes()) {
                reader.read(Unpooled.wrappedBuffer(new byte[] {octet}));
              }
            })
        .isInstanceOf(ProtocolException.class)
        .hasMessage(vector.error());
  }
}

package io.restpipe.pipe.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bytes that nobody meant: each is read, or refused with a {@link ProtocolException}. */
class FrameFuzzTest {

  private static final int[] TYPES = {0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x7e};

  private int refused;
  private int understood;

  @Test
  void random_payloads_are_read_or_refused() {
    var random = new Random(1);

    for (int i = 0; i < 30_000; i++) {
      var bytes = new byte[10 + random.nextInt(100)];
      random.nextBytes(bytes);
      if (i % 10 != 0) {
        plausibleHeader(bytes, random);
      }
      feed(bytes, random);
    }

    assertThat(refused).isGreaterThan(1000);
    assertThat(understood).isGreaterThan(1000);
  }

  private static void plausibleHeader(byte[] bytes, Random random) {
    int type = TYPES[random.nextInt(TYPES.length)];
    int length = type == 0x16 || type == 0x17 ? 8 : type == 0x14 ? 4 : bytes.length - 10;
    boolean onStream = type >= 0x11 && type <= 0x15;
    byte[] header = {
      (byte) type, (byte) (type == 0x7e ? 0x80 : 0), 0, 0, 0, (byte) length, 0, 0, 0, 0
    };
    header[9] = (byte) (onStream ? 1 : 0);
    System.arraycopy(header, 0, bytes, 0, header.length);
  }

  @Test
  void mutated_frames_are_read_or_refused() throws IOException {
    var random = new Random(2);
    var seeds = new ArrayList<byte[]>();
    Vector.read("frames.txt").forEach(vector -> seeds.add(vector.bytes()));
    Vector.read("malformed.txt").forEach(vector -> seeds.add(vector.bytes()));
    seeds.removeIf(seed -> seed.length > 1000);

    for (int i = 0; i < 40_000; i++) {
      byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
      for (int mutations = 1 + random.nextInt(4); mutations > 0; mutations--) {
        bytes = mutate(bytes, seeds, random);
      }
      feed(bytes, random);
    }

    assertThat(refused).isGreaterThan(1000);
    assertThat(understood).isGreaterThan(1000);
  }

  private static byte[] mutate(byte[] bytes, List<byte[]> seeds, Random random) {
    if (bytes.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(6)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt();
      case 2 -> bytes[at] = (byte) (random.nextBoolean() ? 0xff : 0x80);
      case 3 -> bytes[at]++;
      case 4 -> {
        return Arrays.copyOf(bytes, at);
      }
      default -> {
        byte[] other = seeds.get(random.nextInt(seeds.size()));
        byte[] both = Arrays.copyOf(bytes, at + other.length);
        System.arraycopy(other, 0, both, at, other.length);
        return both;
      }
    }
    return bytes;
  }

  /** Anything but a {@link ProtocolException} goes through to the test. */
  private void feed(byte[] bytes, Random random) {
    var received = new Received();
    var reader = new FrameReader(received);
    var pieces = new ArrayList<ByteBuf>();
    try {
      for (int at = 0; at < bytes.length; ) {
        int size = Math.min(bytes.length - at, 1 + random.nextInt(64));
        ByteBuf piece = PooledByteBufAllocator.DEFAULT.heapBuffer(size).writeBytes(bytes, at, size);
        pieces.add(piece);
        at += size;
        reader.read(piece);
      }
    } catch (ProtocolException expected) {
      refused++;
    }
    understood += received.frames().size();
    assertThat(pieces).allMatch(piece -> piece.refCnt() == 0);
  }
}

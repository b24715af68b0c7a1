package io.restpipe.pipe.internal.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A vector of {@code docs/protocol-vectors}; its README has the form. */
record Vector(
    String name, byte[] bytes, List<Frames> out, boolean canonical, @Nullable String error) {

  private static final Path FOLDER = Path.of("..", "docs", "protocol-vectors");

  static List<Vector> read(String file) throws IOException {
    var vectors = new ArrayList<Vector>();
    for (String block : Files.readString(FOLDER.resolve(file)).split("\n\n")) {
      if (!block.startsWith("#")) {
        vectors.add(parse(block));
      }
    }
    return vectors;
  }

  private static Vector parse(String block) {
    String name = "";
    ByteBuf bytes = Unpooled.buffer();
    var out = new ArrayList<Frames>();
    boolean canonical = true;
    String error = null;
    for (String line : block.strip().split("\n")) {
      int colon = line.startsWith(" ") ? -1 : line.indexOf(':');
      String key = colon < 0 ? "hex" : line.substring(0, colon);
      String value = line.substring(colon + 1).strip();
      switch (key) {
        case "name" -> name = value;
        case "hex" -> appendHex(bytes, value);
        case "out" -> out.add(FrameJson.read(value));
        case "encode" -> canonical = false;
        case "error" -> error = value;
        default -> throw new IllegalArgumentException("unknown line: " + line);
      }
    }
    return new Vector(name, ByteBufUtil.getBytes(bytes), out, canonical, error);
  }

  private static void appendHex(ByteBuf bytes, String digits) {
    for (String word : digits.split(" +")) {
      int star = word.indexOf('*');
      byte[] octets = ByteBufUtil.decodeHexDump(star < 0 ? word : word.substring(0, star));
      int times = star < 0 ? 1 : Integer.parseInt(word.substring(star + 1));
      for (int i = 0; i < times; i++) {
        bytes.writeBytes(octets);
      }
    }
  }

  @Override
  public String toString() {
    return name;
  }
}

package io.restpipe.pipe.internal.wire;

import io.netty.buffer.ByteBufUtil;
import io.restpipe.pipe.internal.wire.V1CodecTest.V1Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A vector of {@code docs/protocol-vectors/v1.txt}; the README there has the form. */
record V1Vector(
    String name, byte[] bytes, List<V1Frame> out, boolean canonical, @Nullable String error) {

  private static final Path FOLDER = Path.of("..", "docs", "protocol-vectors");

  static List<V1Vector> read(String file) throws IOException {
    var vectors = new ArrayList<V1Vector>();
    for (String block : Files.readString(FOLDER.resolve(file)).split("\n\n")) {
      if (!block.startsWith("#")) {
        vectors.add(parse(block));
      }
    }
    return vectors;
  }

  private static V1Vector parse(String block) {
    String name = "";
    var hex = new StringBuilder();
    var out = new ArrayList<V1Frame>();
    boolean canonical = true;
    String error = null;
    for (String line : block.strip().split("\n")) {
      int colon = line.startsWith(" ") ? -1 : line.indexOf(':');
      String key = colon < 0 ? "hex" : line.substring(0, colon);
      String value = line.substring(colon + 1).strip();
      switch (key) {
        case "name" -> name = value;
        case "hex" -> hex.append(value.replace(" ", ""));
        case "out" -> out.add(frame(JsonMapper.shared().readTree(value)));
        case "encode" -> canonical = false;
        case "error" -> error = value;
        default -> throw new IllegalArgumentException("unknown line: " + line);
      }
    }
    return new V1Vector(name, ByteBufUtil.decodeHexDump(hex), out, canonical, error);
  }

  private static V1Frame frame(JsonNode json) {
    int id = (int) json.path("id").asLong();
    return switch (json.path("frame").asString()) {
      case "heartbeat" -> new V1Frame.OfHeartbeat(id);
      case "heartbeat reply" -> new V1Frame.OfHeartbeatReply(id);
      case "event" ->
          new V1Frame.OfEvent(
              id,
              new V1Event(
                  json.path("verb").asString(),
                  json.path("noun").asString(),
                  json.path("mimetype").asString(),
                  hex(json.path("data"))));
      case "event reply" ->
          new V1Frame.OfReply(
              id,
              new V1Reply(
                  json.path("mimetype").asString(),
                  json.path("code").asLong(),
                  hex(json.path("data"))));
      default -> throw new IllegalArgumentException("unknown frame: " + json);
    };
  }

  private static ByteBuffer hex(JsonNode digits) {
    return ByteBuffer.wrap(ByteBufUtil.decodeHexDump(digits.asString()));
  }

  @Override
  public String toString() {
    return name;
  }
}

package io.restpipe.pipe.internal.wire;

import io.netty.buffer.ByteBufUtil;
import io.restpipe.event.Headers;
import io.restpipe.event.Principal;
import io.restpipe.event.Verb;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Frames as the vectors write them. */
final class FrameJson {

  private static final JsonMapper MAPPER = new JsonMapper();

  private FrameJson() {}

  static Frames read(String json) {
    JsonNode node = MAPPER.readTree(json);
    int stream = node.path("stream").asInt(0);
    boolean end = node.path("end").asBoolean(false);
    String frame = text(node, "frame");
    return switch (frame) {
      case "HELLO" -> new Frames.HelloFrame(hello(node));
      case "EVENT" -> new Frames.EventFrame(stream, event(node), end);
      case "REPLY" -> new Frames.ReplyFrame(stream, reply(node), end);
      case "DATA" -> new Frames.DataFrame(stream, text(node, "hex"), end);
      case "CREDIT" -> new Frames.CreditFrame(stream, node.required("bytes").intValue());
      case "CANCEL" ->
          new Frames.CancelFrame(
              stream, CancelCode.valueOf(text(node, "code")), text(node, "text"));
      case "PING" -> new Frames.PingFrame(token(node));
      case "PONG" -> new Frames.PongFrame(token(node));
      case "GOAWAY" -> new Frames.GoAwayFrame(goAway(node));
      default -> throw new IllegalArgumentException("unknown frame: " + frame);
    };
  }

  private static Hello hello(JsonNode node) {
    var labels = new LinkedHashMap<String, String>();
    for (Map.Entry<String, JsonNode> label : node.required("labels").properties()) {
      labels.put(label.getKey(), label.getValue().stringValue());
    }
    return new Hello(
        text(node, "instance"),
        node.required("epoch").longValue(),
        text(node, "software"),
        texts(node, "features"),
        texts(node, "groups"),
        labels,
        node.required("max_streams").intValue(),
        node.required("stream_credit").intValue(),
        node.required("connection_credit").intValue(),
        node.required("heartbeat_millis").intValue(),
        texts(node, "servers"));
  }

  private static EventHead event(JsonNode node) {
    return new EventHead(
        text(node, "id"),
        Verb.valueOf(text(node, "verb")),
        text(node, "noun"),
        texts(node, "parameters"),
        text(node, "query"),
        headers(node),
        text(node, "mime_type"),
        node.required("body_length").longValue(),
        node.required("timeout_millis").longValue(),
        node.required("resent").booleanValue(),
        node.has("caller") ? caller(node.get("caller")) : null,
        node.has("relay_to") ? text(node, "relay_to") : null);
  }

  private static Principal caller(JsonNode node) {
    return Principal.builder(Principal.Kind.valueOf(text(node, "kind")), text(node, "name"))
        .roles(texts(node, "roles"))
        .groups(texts(node, "groups"))
        .scopes(texts(node, "scopes"))
        .method(Principal.Method.valueOf(text(node, "method")))
        .vouchedBy(node.has("vouched_by") ? text(node, "vouched_by") : null)
        .claimed(node.has("claimed") ? text(node, "claimed") : null)
        .build();
  }

  private static ReplyHead reply(JsonNode node) {
    return new ReplyHead(
        node.required("code").intValue(),
        text(node, "mime_type"),
        headers(node),
        node.required("body_length").longValue());
  }

  private static GoAway goAway(JsonNode node) {
    return new GoAway(
        node.required("last_stream").intValue(),
        GoAway.Reason.valueOf(text(node, "reason")),
        text(node, "text"),
        node.required("retry_min_millis").intValue(),
        node.required("retry_max_millis").intValue(),
        texts(node, "targets"));
  }

  private static Headers headers(JsonNode node) {
    var flat = new ArrayList<String>();
    for (JsonNode pair : node.required("headers")) {
      flat.add(pair.get(0).stringValue());
      flat.add(pair.get(1).stringValue());
    }
    return Headers.of(flat.toArray(new String[0]));
  }

  private static long token(JsonNode node) {
    return Long.parseUnsignedLong(
        ByteBufUtil.hexDump(ByteBufUtil.decodeHexDump(text(node, "hex"))), 16);
  }

  private static String text(JsonNode node, String name) {
    return node.required(name).stringValue();
  }

  private static List<String> texts(JsonNode node, String name) {
    var texts = new ArrayList<String>();
    node.required(name).forEach(item -> texts.add(item.stringValue()));
    return texts;
  }
}

package io.restpipe.pipe.internal.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.restpipe.event.Headers;
import io.restpipe.event.Verb;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Writes the protobuf messages of {@code docs/restpipe.proto} in their canonical form: fields in
 * the order of their numbers, default values left out.
 */
final class HeadEncoder {

  private static final int VARINT = 0;
  static final int BYTES = 2;

  private HeadEncoder() {}

  static void event(ByteBuf out, EventHead head, boolean end) {
    Limits.checkLength("id", head.id().length(), 1, Limits.EVENT_ID_BYTES);
    Limits.checkPrintable("id", head.id());
    if (end && head.bodyLength() > 0) {
      throw new IllegalArgumentException(
          "body length must be 0 or unknown where no body follows: " + head.bodyLength());
    }
    Limits.checkCount("parameters", head.parameters().size(), Limits.PARAMETERS);
    text(out, 1, "id", head.id(), Limits.EVENT_ID_BYTES);
    number(out, 2, number(head.verb()));
    text(out, 3, "noun", head.noun(), Limits.NOUN_BYTES);
    texts(out, 4, "parameter", head.parameters(), Limits.PARAMETER_BYTES);
    text(out, 5, "query", head.query(), Limits.QUERY_BYTES);
    headers(out, 6, head.headers());
    text(out, 7, "mime type", head.mimeType(), Limits.MIME_TYPE_BYTES);
    bodyLength(out, 8, head.bodyLength(), end);
    number(out, 9, Math.min(Math.max(head.timeoutMillis(), 1), Limits.TIMEOUT_MILLIS));
    number(out, 10, head.resent() ? 1 : 0);
    if (head.caller() != null) {
      CallerEncoder.write(out, 11, head.caller());
    }
    if (head.relayTo() != null) {
      text(out, 12, "relay_to", head.relayTo(), Limits.RELAY_TO_BYTES);
    }
  }

  private static int number(Verb verb) {
    return switch (verb) {
      case GET -> 1;
      case HEAD -> 2;
      case POST -> 3;
      case PUT -> 4;
      case DELETE -> 5;
      case PATCH -> 6;
      case OPTIONS -> 7;
    };
  }

  static void reply(ByteBuf out, ReplyHead head, boolean end) {
    Limits.checkRange("code", head.code(), 0, Limits.REPLY_CODE);
    number(out, 1, head.code());
    text(out, 2, "mime type", head.mimeType(), Limits.MIME_TYPE_BYTES);
    headers(out, 3, head.headers());
    bodyLength(out, 4, head.bodyLength(), end);
  }

  /** Absent means unknown, or 0 where no body follows. */
  private static void bodyLength(ByteBuf out, int field, long length, boolean end) {
    if (length < -1) {
      throw new IllegalArgumentException("body length must be -1 or more: " + length);
    }
    if (length > 0 || (length == 0 && !end)) {
      tag(out, field, VARINT);
      varint(out, length);
    }
  }

  private static void headers(ByteBuf out, int field, Headers headers) {
    if (headers.isEmpty()) {
      return;
    }
    Limits.checkCount("headers", headers.size(), Limits.HEADERS);
    headers.forEach(
        (name, value) ->
            pair(
                out,
                field,
                name,
                utf8Length("header name", name, Limits.HEADER_NAME_BYTES),
                value,
                utf8Length("header value", value, Limits.HEADER_VALUE_BYTES)));
  }

  static void hello(ByteBuf out, Hello hello) {
    Limits.checkRange("epoch", hello.epoch(), 0, Long.MAX_VALUE);
    Limits.checkRange("max streams", hello.maxStreams(), 0, Integer.MAX_VALUE);
    Limits.checkRange("stream credit", hello.streamCredit(), 0, Integer.MAX_VALUE);
    Limits.checkRange("connection credit", hello.connectionCredit(), 0, Integer.MAX_VALUE);
    Limits.checkRange("heartbeat interval", hello.heartbeatMillis(), 0, Integer.MAX_VALUE);
    Limits.checkCount("features", hello.features().size(), Limits.FEATURES);
    Limits.checkCount("groups", hello.groups().size(), Limits.GROUPS);
    Limits.checkCount("labels", hello.labels().size(), Limits.LABELS);
    printable(out, 1, "instance", hello.instance(), Limits.INSTANCE_BYTES);
    number(out, 2, hello.epoch());
    text(out, 3, "software", hello.software(), Limits.SOFTWARE_BYTES);
    for (String feature : hello.features()) {
      printable(out, 4, "feature", feature, Limits.FEATURE_BYTES);
    }
    for (String group : hello.groups()) {
      Limits.checkLength("group", group.length(), 1, Limits.GROUP_BYTES);
      text(out, 5, "group", group, Limits.GROUP_BYTES);
    }
    hello.labels().forEach((name, value) -> label(out, name, value));
    number(out, 7, hello.maxStreams());
    number(out, 8, hello.streamCredit());
    number(out, 9, hello.connectionCredit());
    number(out, 10, hello.heartbeatMillis());
    addresses(out, 11, "servers", hello.servers());
  }

  /** An entry of a map, which has its value in it even if that is empty. */
  private static void label(ByteBuf out, String name, String value) {
    int nameLength = utf8Length("label name", name, Limits.LABEL_NAME_BYTES);
    int valueLength = utf8Length("label value", value, Limits.LABEL_VALUE_BYTES);
    Limits.checkLength("label name", nameLength, 1, Limits.LABEL_NAME_BYTES);
    if (valueLength > 0) {
      pair(out, 6, name, nameLength, value, valueLength);
      return;
    }
    tag(out, 6, BYTES);
    varint(out, fieldLength(nameLength) + 2);
    text(out, 1, name, nameLength);
    tag(out, 2, BYTES);
    varint(out, 0);
  }

  static void goAway(ByteBuf out, GoAway goAway) {
    Limits.checkRange("last stream", goAway.lastStream(), 0, Integer.MAX_VALUE);
    Limits.checkRange("retry minimum", goAway.retryMinMillis(), 0, Integer.MAX_VALUE);
    Limits.checkRange(
        "retry maximum", goAway.retryMaxMillis(), goAway.retryMinMillis(), Integer.MAX_VALUE);
    number(out, 1, goAway.lastStream());
    number(out, 2, goAway.reason().number());
    byte[] text = cut(goAway.text(), Limits.TEXT_BYTES);
    if (text.length > 0) {
      tag(out, 3, BYTES);
      varint(out, text.length);
      out.writeBytes(text);
    }
    number(out, 4, goAway.retryMinMillis());
    number(out, 5, goAway.retryMaxMillis());
    addresses(out, 6, "targets", goAway.targets());
  }

  private static void addresses(ByteBuf out, int field, String what, List<String> addresses) {
    Limits.checkCount(what, addresses.size(), Limits.ADDRESSES);
    for (String address : addresses) {
      printable(out, field, "address", address, Limits.ADDRESS_BYTES);
    }
  }

  /** The text in UTF-8, cut between two characters; a lone surrogate becomes a question mark. */
  static byte[] cut(String text, int most) {
    // A character is never shorter than its UTF-16 form, so the rest need not be encoded.
    byte[] bytes =
        text.substring(0, Math.min(text.length(), most)).getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, most);
    while (length > 0 && length < bytes.length && (bytes[length] & 0xc0) == 0x80) {
      length--;
    }
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  private static void pair(
      ByteBuf out, int field, String name, int nameLength, String value, int valueLength) {
    tag(out, field, BYTES);
    varint(out, fieldLength(nameLength) + fieldLength(valueLength));
    text(out, 1, name, nameLength);
    text(out, 2, value, valueLength);
  }

  /** Of a text in a field with a number below 16. */
  private static int fieldLength(int bytes) {
    return bytes == 0 ? 0 : 1 + (bytes < 1 << 7 ? 1 : bytes < 1 << 14 ? 2 : 3) + bytes;
  }

  private static void printable(ByteBuf out, int field, String what, String text, int most) {
    Limits.checkLength(what, text.length(), 1, most);
    Limits.checkPrintable(what, text);
    text(out, field, text, text.length());
  }

  /** A repeated field, in which an empty text counts too. */
  private static void texts(ByteBuf out, int field, String what, List<String> texts, int most) {
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i);
      if (text.isEmpty()) {
        tag(out, field, BYTES);
        out.writeByte(0);
      } else {
        text(out, field, what, text, most);
      }
    }
  }

  static void text(ByteBuf out, int field, String what, String text, int most) {
    text(out, field, text, utf8Length(what, text, most));
  }

  private static void text(ByteBuf out, int field, String text, int length) {
    if (length == 0) {
      return;
    }
    tag(out, field, BYTES);
    varint(out, length);
    if (length == text.length()) {
      // Two copies of whole arrays are faster than one of single characters.
      out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    } else {
      ByteBufUtil.writeUtf8(out, text);
    }
  }

  /**
   * The length in UTF-8.
   *
   * @throws IllegalArgumentException if it is more than {@code most}, or the text holds half a
   *     surrogate pair
   */
  private static int utf8Length(String what, String text, int most) {
    int chars = text.length();
    int length = chars;
    for (int i = 0; i < chars; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        length++;
        if (c >= 0x800) {
          if (Character.isSurrogate(c)) {
            if (i + 1 == chars || !Character.isSurrogatePair(c, text.charAt(i + 1))) {
              throw new IllegalArgumentException(what + " has half a surrogate pair at " + i);
            }
            i++;
          }
          length++;
        }
      }
    }
    if (length > most) {
      throw new IllegalArgumentException(what + " must have at most " + most + " bytes: " + length);
    }
    return length;
  }

  /** Leaves 0 out. */
  static void number(ByteBuf out, int field, long value) {
    if (value != 0) {
      tag(out, field, VARINT);
      varint(out, value);
    }
  }

  static void tag(ByteBuf out, int field, int wireType) {
    out.writeByte(field << 3 | wireType);
  }

  static void varint(ByteBuf out, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.writeByte(((int) rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.writeByte((int) rest);
  }
}

package io.restpipe.pipe.internal.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Walks over the fields of one protobuf message in an array. Nothing is allocated but the strings
 * asked for, and those only after their length was checked. Not thread-safe.
 *
 * <p>Not protobuf's own {@code CodedInputStream}: that one allocates itself for each message and
 * checks no bound but its own.
 */
final class HeadCursor {

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private String frame = "";
  private byte[] bytes = new byte[0];
  private int at;
  private int end;

  void open(String frame, byte[] bytes, int length) {
    this.frame = frame;
    this.bytes = bytes;
    this.at = 0;
    this.end = length;
  }

  /** Forgets the array. */
  void close() {
    bytes = new byte[0];
    at = 0;
    end = 0;
  }

  /** The next field's number and wire type as {@code number << 3 | type}, or 0 at the end. */
  int tag() throws ProtocolException {
    if (at == end) {
      return 0;
    }
    long tag = varint();
    if (tag >>> 3 == 0 || tag >>> 32 != 0) {
      throw broken("field number must be 1 to 536870911: " + Long.toUnsignedString(tag >>> 3));
    }
    return (int) tag;
  }

  long varint() throws ProtocolException {
    if (at < end && bytes[at] >= 0) {
      return bytes[at++];
    }
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = bytes[at(1)];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        if (shift == 63 && next > 1) {
          break;
        }
        return value;
      }
    }
    throw broken("varint is longer than 64 bits");
  }

  /** An unsigned number of at most {@code most}. */
  long number(String what, long most) throws ProtocolException {
    long value = varint();
    if (value < 0 || value > most) {
      throw broken(what + " must be 0 to " + most + ": " + Long.toUnsignedString(value));
    }
    return value;
  }

  String text(String what, int most) throws ProtocolException {
    int length = length(what, most);
    if (length == 0) {
      return "";
    }
    int from = at;
    at += length;
    return text(frame, what, bytes, from, length);
  }

  /** Strict UTF-8. */
  static String text(String frame, String what, byte[] bytes, int from, int length)
      throws ProtocolException {
    // Malformed bytes decode to U+FFFD; looking for it costs nothing in text that is all Latin-1.
    var text = new String(bytes, from, length, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') >= 0) {
      requireUtf8(frame, what, bytes, from, length);
    }
    return text;
  }

  private static void requireUtf8(String frame, String what, byte[] bytes, int from, int length)
      throws ProtocolException {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, length));
    } catch (CharacterCodingException malformed) {
      throw new ProtocolException(frame + " " + what + " is not UTF-8", malformed);
    }
  }

  /** Enters a nested message; the result goes to {@link #leave} afterwards. */
  int enter(String what) throws ProtocolException {
    int length = length(what, end - at);
    int outer = end;
    end = at + length;
    return outer;
  }

  void leave(int outer) {
    end = outer;
  }

  /**
   * Steps over a field that this version does not know.
   *
   * @param known the highest field number that it knows
   */
  void skip(int tag, int known) throws ProtocolException {
    int field = tag >>> 3;
    int type = tag & 7;
    if (field <= known) {
      throw broken("field " + field + " cannot have wire type " + type);
    }
    switch (type) {
      case VARINT -> varint();
      case FIXED64 -> at(8);
      case BYTES -> at(length("field " + field, Integer.MAX_VALUE));
      case FIXED32 -> at(4);
      default -> throw broken("field " + field + " has wire type " + type + ": must be 0, 1, 2, 5");
    }
  }

  private int length(String what, int most) throws ProtocolException {
    long length = varint();
    if (length < 0 || length > most) {
      throw broken(
          what + " must have at most " + most + " bytes: " + Long.toUnsignedString(length));
    }
    if (length > end - at) {
      throw broken(what + " must end inside its message: " + length + " > " + (end - at));
    }
    return (int) length;
  }

  /** The present position; moves on by {@code count} bytes. */
  private int at(int count) throws ProtocolException {
    if (count > end - at) {
      throw broken("message breaks off inside a field");
    }
    int from = at;
    at += count;
    return from;
  }

  private ProtocolException broken(String rule) {
    return new ProtocolException(frame + " " + rule);
  }
}

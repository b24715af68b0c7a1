package io.restpipe.pipe.internal.wire;

import java.nio.ByteBuffer;

/**
 * Walks over the fields of one message of version 1 as protobuf does: in any order, the last of
 * several counts, and what is unknown or of another wire type is stepped over. Not thread-safe.
 */
final class V1Cursor {

  private static final int MOST_NESTED = 16;

  private final String message;
  private final byte[] bytes;
  private final int end;
  private int at;
  private int tag;

  V1Cursor(String message, byte[] bytes, int length) {
    this.message = message;
    this.bytes = bytes;
    this.end = length;
  }

  /** Moves on to the next field; false at the end. */
  boolean next() throws ProtocolException {
    if (at == end) {
      return false;
    }
    long next = varint();
    if (next >>> 3 == 0 || next >>> 32 != 0) {
      throw broken("has the field number " + Long.toUnsignedString(next >>> 3));
    }
    tag = (int) next;
    return true;
  }

  /** Whether the field has this number and wire type. */
  boolean is(int number, int type) {
    return tag == ((number << 3) | type);
  }

  /** The number, of which protobuf takes the lower half. */
  long number() throws ProtocolException {
    return varint() & 0xffff_ffffL;
  }

  String text(String what) throws ProtocolException {
    int length = length();
    return HeadCursor.text(message, what, bytes, skip(length), length);
  }

  ByteBuffer data() throws ProtocolException {
    int length = length();
    return ByteBuffer.wrap(bytes, skip(length), length).slice();
  }

  /** Steps over the field. */
  void skip() throws ProtocolException {
    skip(tag, 0);
  }

  private void skip(int field, int depth) throws ProtocolException {
    switch (field & 7) {
      case V1Format.VARINT -> varint();
      case V1Format.FIXED64 -> skip(8);
      case V1Format.BYTES -> skip(length());
      case V1Format.FIXED32 -> skip(4);
      case V1Format.START_GROUP -> group(field, depth + 1);
      default -> throw broken("has a field of wire type " + (field & 7));
    }
  }

  private void group(int start, int depth) throws ProtocolException {
    if (depth > MOST_NESTED) {
      throw broken("has groups in groups, more than " + MOST_NESTED + " deep");
    }
    int close = (start & ~7) | V1Format.END_GROUP;
    while (next()) {
      if (tag == close) {
        return;
      }
      skip(tag, depth);
    }
    throw broken("has a group without an end");
  }

  private long varint() throws ProtocolException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = bytes[skip(1)];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw broken("has a number of more than 64 bits");
  }

  private int length() throws ProtocolException {
    long length = varint();
    if (length < 0 || length > end - at) {
      throw broken(
          "breaks off inside a field: "
              + Long.toUnsignedString(length)
              + " bytes announced, "
              + (end - at)
              + " there");
    }
    return (int) length;
  }

  /** The present position; moves on by {@code count} bytes. */
  private int skip(int count) throws ProtocolException {
    if (count > end - at) {
      throw broken("breaks off inside a field");
    }
    int from = at;
    at += count;
    return from;
  }

  private ProtocolException broken(String what) {
    return new ProtocolException(message + " " + what);
  }
}

package io.restpipe.security;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** As much of DER as it takes to tell private keys apart and to wrap one into another. */
final class Der {

  static final int INTEGER = 0x02;
  static final int OCTET_STRING = 0x04;
  static final int OBJECT_IDENTIFIER = 0x06;
  static final int SEQUENCE = 0x30;
  static final int PARAMETERS = 0xA0;

  /** Bytes that are not what they should be. */
  static final class DerException extends Exception {

    private static final long serialVersionUID = 1;

    DerException(String message) {
      super(message);
    }
  }

  private final ByteBuffer bytes;

  Der(byte[] bytes) {
    this(ByteBuffer.wrap(bytes));
  }

  private Der(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  boolean isEmpty() {
    return !bytes.hasRemaining();
  }

  /** The tag of the next value, or -1 at the end. */
  int peek() {
    return isEmpty() ? -1 : bytes.get(bytes.position()) & 0xFF;
  }

  /** What is inside the next value, which must have this tag. */
  Der enter(int tag) throws DerException {
    if (peek() != tag) {
      throw new DerException(
          "expected tag 0x" + HexFormat.of().toHexDigits((byte) tag) + ", found " + peek());
    }
    try {
      bytes.get();
      int length = length();
      Der inside = new Der(bytes.slice(bytes.position(), length));
      bytes.position(bytes.position() + length);
      return inside;
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new DerException("cut off");
    }
  }

  private int length() throws DerException {
    int first = bytes.get() & 0xFF;
    if (first < 0x80) {
      return first;
    }
    int count = first & 0x7F;
    if (count < 1 || count > 3) {
      throw new DerException("length of " + count + " bytes");
    }
    int length = 0;
    for (int i = 0; i < count; i++) {
      length = (length << 8) | (bytes.get() & 0xFF);
    }
    return length;
  }

  byte[] rest() {
    byte[] rest = new byte[bytes.remaining()];
    bytes.duplicate().get(rest);
    return rest;
  }

  /** A value with this tag around the parts. */
  static byte[] wrap(int tag, byte[]... parts) {
    var content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    int length = content.size();
    var whole = new ByteArrayOutputStream();
    whole.write(tag);
    if (length < 0x80) {
      whole.write(length);
    } else if (length < 0x100) {
      whole.write(0x81);
      whole.write(length);
    } else {
      whole.write(0x82 + (length >> 16 == 0 ? 0 : 1));
      if (length >> 16 != 0) {
        whole.write(length >> 16);
      }
      whole.write(length >> 8);
      whole.write(length);
    }
    whole.writeBytes(content.toByteArray());
    return whole.toByteArray();
  }
}

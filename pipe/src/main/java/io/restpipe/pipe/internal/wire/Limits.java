package io.restpipe.pipe.internal.wire;

/**
 * The bounds of everything that has a length or a count on the wire, checked before anything is
 * allocated. Section 12 of {@code docs/protocol.md} is the same list. Lengths of text are in bytes
 * of UTF-8.
 */
public final class Limits {

  /** A HELLO, EVENT, REPLY or GOAWAY payload, and an unknown optional frame that is skipped. */
  public static final int HEAD_BYTES = 64 * 1024;

  /** The text of a CANCEL or GOAWAY. */
  public static final int TEXT_BYTES = 1024;

  public static final int EVENT_ID_BYTES = 255;
  public static final int NOUN_BYTES = 4096;
  public static final int PARAMETERS = 1024;
  public static final int PARAMETER_BYTES = 32 * 1024;
  public static final int QUERY_BYTES = 32 * 1024;
  public static final int HEADERS = 256;
  public static final int HEADER_NAME_BYTES = 256;
  public static final int HEADER_VALUE_BYTES = 32 * 1024;
  public static final int MIME_TYPE_BYTES = 256;

  /** One name, role, group or scope of a caller; {@code Principal} bounds them all together. */
  public static final int CALLER_TEXT_BYTES = 1020;

  public static final int RELAY_TO_BYTES = 255;

  /** A longer timeout is taken, and sent, as this one: 366 days. */
  public static final long TIMEOUT_MILLIS = 366L * 24 * 60 * 60 * 1000;

  public static final int REPLY_CODE = 999;

  public static final int INSTANCE_BYTES = 64;
  public static final int SOFTWARE_BYTES = 255;
  public static final int FEATURES = 64;
  public static final int FEATURE_BYTES = 64;
  public static final int GROUPS = 64;
  public static final int GROUP_BYTES = 255;
  public static final int LABELS = 64;
  public static final int LABEL_NAME_BYTES = 64;
  public static final int LABEL_VALUE_BYTES = 255;

  /** Servers in a HELLO, targets in a GOAWAY. */
  public static final int ADDRESSES = 64;

  /** One {@code host:port}. */
  public static final int ADDRESS_BYTES = 300;

  private Limits() {}

  static void checkRange(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(what + " must be " + least + " to " + most + ": " + value);
    }
  }

  static void checkLength(String what, int bytes, int least, int most) {
    if (bytes < least || bytes > most) {
      throw new IllegalArgumentException(
          what + " must have " + least + " to " + most + " bytes: " + bytes);
    }
  }

  static void checkCount(String what, int count, int most) {
    if (count > most) {
      throw new IllegalArgumentException("at most " + most + " " + what + " are allowed: " + count);
    }
  }

  static void checkPrintable(String what, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c > 0x7e) {
        throw new IllegalArgumentException(
            what + " must be printable ASCII: character " + (int) c + " at " + i);
      }
    }
  }
}

package io.restpipe.pipe.internal.wire;

import java.util.Locale;

/**
 * Type numbers and flags of frames. The numbers of version 1 (0x01, 0x02, 0x80, 0x81) are not used
 * again, so that a frame tells which version its speaker has.
 */
final class FrameType {

  static final int HELLO = 0x10;
  static final int EVENT = 0x11;
  static final int REPLY = 0x12;
  static final int DATA = 0x13;
  static final int CREDIT = 0x14;
  static final int CANCEL = 0x15;
  static final int PING = 0x16;
  static final int PONG = 0x17;
  static final int GOAWAY = 0x18;

  /** The last frame that its sender sends on the stream. */
  static final int END = 0x01;

  /** Who does not know the type skips the frame. */
  static final int OPTIONAL = 0x80;

  private FrameType() {}

  static boolean isVersion1(int type) {
    return type == 0x01 || type == 0x02 || type == 0x80 || type == 0x81;
  }

  /** For messages. */
  static String name(int type) {
    return switch (type) {
      case HELLO -> "HELLO";
      case EVENT -> "EVENT";
      case REPLY -> "REPLY";
      case DATA -> "DATA";
      case CREDIT -> "CREDIT";
      case CANCEL -> "CANCEL";
      case PING -> "PING";
      case PONG -> "PONG";
      case GOAWAY -> "GOAWAY";
      default -> hex(type);
    };
  }

  static String hex(int octet) {
    return String.format(Locale.ROOT, "0x%02x", octet);
  }
}

package io.restpipe.pipe.internal.wire;

/** The numbers of version 1; {@code docs/protocol.md} section 16 explains them. */
final class V1Format {

  static final int HEADER_BYTES = 10;

  static final int HEARTBEAT = 0x01;
  static final int HEARTBEAT_REPLY = 0x80;
  static final int EVENT = 0x02;
  static final int EVENT_REPLY = 0x81;

  // Fields of the messages; all have their version first.
  static final int VERSION = 1;
  static final int EVENT_VERB = 2;
  static final int EVENT_NOUN = 3;
  static final int EVENT_MIME_TYPE = 4;
  static final int EVENT_DATA = 5;
  static final int REPLY_MIME_TYPE = 2;
  static final int REPLY_CODE = 3;
  static final int REPLY_DATA = 4;

  // Protobuf wire types.
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int BYTES = 2;
  static final int START_GROUP = 3;
  static final int END_GROUP = 4;
  static final int FIXED32 = 5;

  private V1Format() {}

  static String name(int type) {
    return switch (type) {
      case HEARTBEAT -> "heartbeat";
      case HEARTBEAT_REPLY -> "heartbeat reply";
      case EVENT -> "event";
      case EVENT_REPLY -> "event reply";
      default -> FrameType.hex(type);
    };
  }
}

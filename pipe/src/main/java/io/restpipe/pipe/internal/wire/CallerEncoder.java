package io.restpipe.pipe.internal.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.restpipe.event.Principal;
import java.util.Set;

/** Writes who is behind an event, as a message within the event's head. */
final class CallerEncoder {

  private CallerEncoder() {}

  static void write(ByteBuf out, int field, Principal caller) {
    ByteBuf message = Unpooled.buffer(256);
    HeadEncoder.number(message, 1, number(caller.kind()));
    text(message, 2, "caller name", caller.name());
    texts(message, 3, "caller role", caller.roles());
    texts(message, 4, "caller group", caller.groups());
    texts(message, 5, "caller scope", caller.scopes());
    HeadEncoder.number(message, 6, number(caller.method()));
    caller.vouchedBy().ifPresent(node -> text(message, 7, "caller vouched_by", node));
    caller.claimed().ifPresent(user -> text(message, 8, "caller claimed", user));
    HeadEncoder.tag(out, field, HeadEncoder.BYTES);
    HeadEncoder.varint(out, message.readableBytes());
    out.writeBytes(message);
  }

  private static void text(ByteBuf out, int field, String what, String text) {
    HeadEncoder.text(out, field, what, text, Limits.CALLER_TEXT_BYTES);
  }

  private static void texts(ByteBuf out, int field, String what, Set<String> texts) {
    for (String text : texts) {
      text(out, field, what, text);
    }
  }

  private static int number(Principal.Kind kind) {
    return switch (kind) {
      case LOCAL -> 1;
      case ANONYMOUS -> 2;
      case PEER -> 3;
      case USER -> 4;
    };
  }

  private static int number(Principal.Method method) {
    return switch (method) {
      case NONE -> 0;
      case PIPE -> 1;
      case CERTIFICATE -> 2;
      case BASIC -> 3;
      case BEARER -> 4;
      case COOKIE -> 5;
    };
  }
}

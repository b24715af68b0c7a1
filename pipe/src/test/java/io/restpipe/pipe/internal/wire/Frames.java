package io.restpipe.pipe.internal.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/** The frames of a connection as values that tests can compare, and the way there and back. */
sealed interface Frames {

  record HelloFrame(Hello hello) implements Frames {}

  record EventFrame(int stream, EventHead head, boolean end) implements Frames {}

  record ReplyFrame(int stream, ReplyHead head, boolean end) implements Frames {}

  /** The body bytes in hexadecimal digits. */
  record DataFrame(int stream, String hex, boolean end) implements Frames {}

  record CreditFrame(int stream, int bytes) implements Frames {}

  record CancelFrame(int stream, CancelCode code, String text) implements Frames {}

  record PingFrame(long token) implements Frames {}

  record PongFrame(long token) implements Frames {}

  record GoAwayFrame(GoAway goAway) implements Frames {}

  /** Writes this frame with the {@link FrameWriter}. */
  default void writeTo(ByteBuf out) {
    if (this instanceof HelloFrame f) {
      FrameWriter.hello(out, f.hello);
    } else if (this instanceof EventFrame f) {
      FrameWriter.event(out, f.stream, f.head, f.end);
    } else if (this instanceof ReplyFrame f) {
      FrameWriter.reply(out, f.stream, f.head, f.end);
    } else if (this instanceof DataFrame f) {
      byte[] body = ByteBufUtil.decodeHexDump(f.hex);
      FrameWriter.dataHeader(out, f.stream, body.length, f.end);
      out.writeBytes(body);
    } else if (this instanceof CreditFrame f) {
      FrameWriter.credit(out, f.stream, f.bytes);
    } else if (this instanceof CancelFrame f) {
      FrameWriter.cancel(out, f.stream, f.code, f.text);
    } else if (this instanceof PingFrame f) {
      FrameWriter.ping(out, f.token);
    } else if (this instanceof PongFrame f) {
      FrameWriter.pong(out, f.token);
    } else if (this instanceof GoAwayFrame f) {
      FrameWriter.goAway(out, f.goAway);
    }
  }

  /** The bytes of this frame in hexadecimal digits. */
  default String hex() {
    ByteBuf out = Unpooled.buffer();
    writeTo(out);
    return ByteBufUtil.hexDump(out);
  }
}

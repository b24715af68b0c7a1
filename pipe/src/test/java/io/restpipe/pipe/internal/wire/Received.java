package io.restpipe.pipe.internal.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;

/** A sink that remembers what it got and releases it. Pieces of one body are joined. */
class Received implements FrameSink {

  private final List<Frames> frames = new ArrayList<>();

  /** What was read, with consecutive pieces of one stream's body as one frame. */
  List<Frames> frames() {
    return frames;
  }

  @Override
  public void hello(Hello hello) {
    frames.add(new Frames.HelloFrame(hello));
  }

  @Override
  public void event(int stream, EventHead head, boolean end) {
    frames.add(new Frames.EventFrame(stream, head, end));
  }

  @Override
  public void reply(int stream, ReplyHead head, boolean end) {
    frames.add(new Frames.ReplyFrame(stream, head, end));
  }

  @Override
  public void data(int stream, ByteBuf bytes, boolean end) {
    String hex = ByteBufUtil.hexDump(bytes);
    bytes.release();
    if (!frames.isEmpty()
        && frames.get(frames.size() - 1) instanceof Frames.DataFrame open
        && open.stream() == stream
        && !open.end()) {
      frames.set(frames.size() - 1, new Frames.DataFrame(stream, open.hex() + hex, end));
    } else {
      frames.add(new Frames.DataFrame(stream, hex, end));
    }
  }

  @Override
  public void credit(int stream, int bytes) {
    frames.add(new Frames.CreditFrame(stream, bytes));
  }

  @Override
  public void cancel(int stream, CancelCode code, String text) {
    frames.add(new Frames.CancelFrame(stream, code, text));
  }

  @Override
  public void ping(long token) {
    frames.add(new Frames.PingFrame(token));
  }

  @Override
  public void pong(long token) {
    frames.add(new Frames.PongFrame(token));
  }

  @Override
  public void goAway(GoAway goAway) {
    frames.add(new Frames.GoAwayFrame(goAway));
  }
}

package io.restpipe.pipe.internal.connection;

import io.netty.buffer.ByteBuf;
import io.restpipe.pipe.internal.wire.CancelCode;
import io.restpipe.pipe.internal.wire.EventHead;
import io.restpipe.pipe.internal.wire.FrameSink;
import io.restpipe.pipe.internal.wire.GoAway;
import io.restpipe.pipe.internal.wire.Hello;
import io.restpipe.pipe.internal.wire.ProtocolException;
import io.restpipe.pipe.internal.wire.ReplyHead;

/**
 * Brings each frame to the stream or part that it is for. Frames for streams that have ended are on
 * their way when we end them: they are dropped. On the loop.
 */
final class InboundFrames implements FrameSink {

  private final PipeConnection connection;

  InboundFrames(PipeConnection connection) {
    this.connection = connection;
  }

  @Override
  public void hello(Hello hello) throws ProtocolException {
    connection.helloReceived(PeerText.clean(hello));
  }

  @Override
  public void event(int stream, EventHead head, boolean end) throws ProtocolException {
    if (mayCome("EVENT")) {
      connection.streams().accept(stream, head, end);
    }
  }

  @Override
  public void reply(int stream, ReplyHead head, boolean end) throws ProtocolException {
    if (!mayCome("REPLY")) {
      return;
    }
    Stream found = connection.streams().find(stream, "REPLY");
    if (found instanceof OutboundCall call) {
      call.replied(head, end);
    } else if (found != null) {
      throw new ProtocolException("REPLY on stream " + stream + ", which its sender opened");
    }
  }

  @Override
  public void data(int stream, ByteBuf bytes, boolean end) throws ProtocolException {
    Stream found;
    int count = bytes.readableBytes();
    boolean passedOn = false;
    try {
      if (!mayCome("DATA")) {
        return;
      }
      connection.take(count);
      found = connection.streams().find(stream, "DATA");
      if (found == null) {
        connection.read(count);
        return;
      }
      if (found instanceof OutboundCall call && !call.replied()) {
        throw new ProtocolException("DATA before REPLY on stream " + stream);
      }
      passedOn = true;
    } finally {
      if (!passedOn) {
        bytes.release();
      }
    }
    found.receive(bytes, end);
  }

  @Override
  public void credit(int stream, int bytes) throws ProtocolException {
    if (!mayCome("CREDIT")) {
      return;
    }
    if (stream == 0) {
      connection.scheduler().earn(bytes);
      connection.wake();
      return;
    }
    Stream found = connection.streams().find(stream, "CREDIT");
    if (found != null) {
      found.earn(bytes);
    }
  }

  @Override
  public void cancel(int stream, CancelCode code, String text) throws ProtocolException {
    if (!mayCome("CANCEL")) {
      return;
    }
    Stream found = connection.streams().find(stream, "CANCEL");
    if (found == null) {
      return;
    }
    if (code == CancelCode.BODY_UNWANTED) {
      found.outboundUnwanted();
    } else {
      found.cancelledByPeer(code, PeerText.oneLine(text));
    }
  }

  @Override
  public void ping(long token) throws ProtocolException {
    if (mayTalk("PING")) {
      connection.control().pong(token);
      connection.wake();
    }
  }

  @Override
  public void pong(long token) throws ProtocolException {
    if (mayTalk("PONG")) {
      connection.heartbeat().pong(token);
    }
  }

  @Override
  public void goAway(GoAway goAway) {
    connection.farewell().received(PeerText.clean(goAway));
  }

  /** False where the connection is being closed and nothing matters any more. */
  private boolean mayTalk(String frame) throws ProtocolException {
    if (connection.closing()) {
      return false;
    }
    if (!connection.greeted()) {
      throw new ProtocolException(frame + " before HELLO");
    }
    return true;
  }

  private boolean mayCome(String frame) throws ProtocolException {
    if (!mayTalk(frame)) {
      return false;
    }
    if (!connection.open()) {
      throw new ProtocolException(frame + " before the answer to HELLO");
    }
    return true;
  }
}

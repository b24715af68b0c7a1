package io.restpipe.pipe.internal.connection;

import io.netty.buffer.ByteBuf;
import io.restpipe.pipe.internal.wire.CancelCode;
import io.restpipe.pipe.internal.wire.FrameWriter;
import io.restpipe.pipe.internal.wire.GoAway;
import io.restpipe.pipe.internal.wire.ProtocolException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Control frames that are to be written, before anything else. They cannot pile up: credit is
 * summed, only the newest PING is answered, and a peer that does not read its CANCELs is cut off.
 * On the loop.
 */
final class ControlFrames {

  /** Far more than the streams that a well-behaved peer can have. */
  private final int mostCancels;

  private final ArrayDeque<Cancel> cancels = new ArrayDeque<>();
  private final ArrayDeque<InboundBody> granting = new ArrayDeque<>();

  private @Nullable GoAway goAway;
  private long connectionGrant;
  private boolean ping;
  private long pingToken;
  private boolean pong;
  private long pongToken;

  private record Cancel(int stream, CancelCode code, String text) {}

  ControlFrames(int maxStreams) {
    mostCancels = 2 * maxStreams + 1024;
  }

  void goAway(GoAway goAway) {
    this.goAway = goAway;
  }

  void ping(long token) {
    ping = true;
    pingToken = token;
  }

  void pong(long token) {
    pong = true;
    pongToken = token;
  }

  void cancel(int stream, CancelCode code, String text) {
    cancels.add(new Cancel(stream, code, text));
  }

  /** Called for each EVENT: refusing must not cost us memory. */
  void checkBacklog() throws ProtocolException {
    if (cancels.size() > mostCancels) {
      throw ProtocolException.limit(
          "more than " + mostCancels + " CANCEL frames wait: read them before opening streams");
    }
  }

  void connectionCredit(long bytes) {
    connectionGrant += bytes;
  }

  void streamCredit(InboundBody body, int bytes) {
    if (body.grant == 0) {
      granting.add(body);
    }
    body.grant += bytes;
  }

  boolean waiting() {
    return goAway != null
        || connectionGrant > 0
        || ping
        || pong
        || !cancels.isEmpty()
        || !granting.isEmpty();
  }

  /** Writes all of them, or as many as the channel takes. */
  void write(Outgoing out) {
    writeSingles(out);
    while (!cancels.isEmpty() && out.writable()) {
      Cancel cancel = cancels.remove();
      FrameWriter.cancel(out.batch(64), cancel.stream, cancel.code, cancel.text);
      out.wrote();
    }
    while (!granting.isEmpty() && out.writable()) {
      InboundBody body = granting.remove();
      int grant = body.grant;
      body.grant = 0;
      if (body.wantsMore()) {
        FrameWriter.credit(out.batch(14), body.streamId(), grant);
        out.wrote();
      }
    }
  }

  private void writeSingles(Outgoing out) {
    ByteBuf batch = out.batch(256);
    if (goAway != null) {
      FrameWriter.goAway(batch, goAway);
      goAway = null;
    }
    if (pong) {
      FrameWriter.pong(batch, pongToken);
      pong = false;
    }
    if (ping) {
      FrameWriter.ping(batch, pingToken);
      ping = false;
    }
    if (connectionGrant > 0) {
      FrameWriter.credit(batch, 0, (int) connectionGrant);
      connectionGrant = 0;
    }
    out.wrote();
  }
}

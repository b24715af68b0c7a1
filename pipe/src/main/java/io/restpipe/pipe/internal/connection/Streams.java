package io.restpipe.pipe.internal.connection;

import io.netty.util.collection.IntObjectHashMap;
import io.restpipe.pipe.PipeException.Reason;
import io.restpipe.pipe.internal.wire.CancelCode;
import io.restpipe.pipe.internal.wire.EventHead;
import io.restpipe.pipe.internal.wire.GoAway;
import io.restpipe.pipe.internal.wire.ProtocolException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** The streams of a connection, by number, within both ends' bounds. On the loop. */
final class Streams {

  private final PipeConnection connection;
  private final Role role;
  private final int maxWaiting;

  /** How many streams the peer may open. */
  private final int maxTheirs;

  private final IntObjectHashMap<Stream> open = new IntObjectHashMap<>();

  /** Calls for which the peer has no room yet. */
  private final ArrayDeque<OutboundCall> waiting = new ArrayDeque<>();

  /** How many streams we may open; the peer says it. */
  private int maxOurs;

  private int nextId;
  private int ours;

  /** Streams of the peer that are open on the wire. */
  private int theirs;

  /** Events of the peer that are not answered yet, those that it has cancelled among them. */
  private int running;

  private int highestTheirs;
  private int lastTaken = Integer.MAX_VALUE;

  Streams(PipeConnection connection, Role role, int maxTheirs, int maxWaiting) {
    this.connection = connection;
    this.role = role;
    this.maxTheirs = maxTheirs;
    this.maxWaiting = maxWaiting;
    this.nextId = role.firstStream();
  }

  void peerAllows(int streams) {
    maxOurs = streams;
  }

  /** How much is under way, both ways. */
  int inFlight() {
    return ours + waiting.size() + Math.max(running, theirs);
  }

  int highestTheirs() {
    return highestTheirs;
  }

  // Ours.

  void start(OutboundCall call) {
    if (!connection.acceptsEvents()) {
      call.refuse(connection.refusalReason(), connection.refusalText());
      return;
    }
    if (ours >= maxOurs && waiting.size() >= maxWaiting) {
      connection.limitHit(maxWaiting + " events wait for the peer to have room");
      call.refuse(
          Reason.OVERLOADED,
          ours + " events are under way, as many as the peer takes, and " + maxWaiting + " wait");
      return;
    }
    connection.deadlines().add(call);
    connection.meters().sent.increment();
    if (ours < maxOurs) {
      take(call);
    } else {
      waiting.add(call);
    }
    connection.countChanged();
  }

  private void take(OutboundCall call) {
    ours++;
    call.counted = true;
    connection.scheduler().head(call);
    connection.wake();
  }

  /** The number of the next stream that we open. */
  int nextId() {
    return nextId;
  }

  /** The call's head has been written. */
  void opened(OutboundCall call) {
    call.sendCredit = connection.initialSendCredit();
    open.put(call.id, call);
    nextId += 2;
    if (nextId > Integer.MAX_VALUE - 2) {
      connection.usedUp();
    }
  }

  void ended(OutboundCall call) {
    if (call.id != 0) {
      open.remove(call.id);
    }
    if (call.counted) {
      call.counted = false;
      ours--;
      takeWaiting();
    } else {
      waiting.remove(call);
    }
    connection.countChanged();
  }

  private void takeWaiting() {
    while (ours < maxOurs && connection.acceptsEvents()) {
      OutboundCall next = waiting.poll();
      if (next == null) {
        return;
      }
      take(next);
    }
  }

  // Theirs.

  void accept(int id, EventHead head, boolean end) throws ProtocolException {
    if (role.opens(id)) {
      throw new ProtocolException("EVENT on stream " + id + ", which is not the sender's to open");
    }
    if (id <= highestTheirs) {
      throw new ProtocolException("EVENT on stream " + id + " after stream " + highestTheirs);
    }
    if (theirs >= maxTheirs) {
      throw ProtocolException.limit("more than " + maxTheirs + " streams are open");
    }
    highestTheirs = id;
    if (id > lastTaken) {
      return;
    }
    connection.meters().received.increment();
    if (Math.max(running, theirs) >= maxTheirs) {
      connection.control().checkBacklog();
      connection.control().cancel(id, CancelCode.OVERLOADED, running + " events are running");
      connection.limitHit("more than " + maxTheirs + " events are running");
      connection.wake();
      return;
    }
    var exchange = new InboundExchange(connection, id, head);
    exchange.sendCredit = connection.initialSendCredit();
    open.put(id, exchange);
    theirs++;
    running++;
    connection.deadlines().add(exchange);
    connection.countChanged();
    exchange.headReceived(head.bodyLength(), end);
  }

  void answered(InboundExchange exchange) {
    running--;
    connection.countChanged();
  }

  void ended(InboundExchange exchange) {
    if (open.remove(exchange.id) != null) {
      theirs--;
    }
    connection.countChanged();
  }

  // Both.

  /**
   * The open stream of that number, or null if it has ended.
   *
   * @throws ProtocolException if it was never opened
   */
  @Nullable Stream find(int id, String frame) throws ProtocolException {
    Stream stream = open.get(id);
    if (stream == null && (role.opens(id) ? id >= nextId : id > highestTheirs)) {
      throw new ProtocolException(frame + " on stream " + id + ", which was never opened");
    }
    return stream;
  }

  /** We take no streams beyond those that we have seen. */
  void takeNoMore() {
    lastTaken = highestTheirs;
  }

  /** Calls that have not gone out fail as not run. */
  void refuseUnsent(String why) {
    refuseAll(new ArrayList<>(waiting), why);
    refuseAll(connection.scheduler().unsentCalls(), why);
  }

  /** Calls that the peer has not taken fail as not run. */
  void refuseAfter(GoAway goAway, String why) {
    refuseUnsent(why);
    var untaken = new ArrayList<OutboundCall>();
    for (Stream stream : open.values()) {
      if (stream instanceof OutboundCall call && call.id > goAway.lastStream() && !call.replied()) {
        untaken.add(call);
      }
    }
    refuseAll(untaken, why);
  }

  private static void refuseAll(Iterable<OutboundCall> calls, String why) {
    for (OutboundCall call : calls) {
      call.notRun(why);
    }
  }

  /** The connection is gone, and with it all streams. */
  void lose(String why) {
    var all = new ArrayList<Stream>(waiting);
    all.addAll(connection.scheduler().unsentCalls());
    all.addAll(open.values());
    for (Stream stream : all) {
      stream.connectionLost(why);
    }
  }
}

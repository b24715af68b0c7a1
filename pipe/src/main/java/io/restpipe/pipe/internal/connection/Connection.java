package io.restpipe.pipe.internal.connection;

import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.restpipe.event.Event;
import io.restpipe.event.PeerInfo;
import io.restpipe.pipe.internal.wire.GoAway;
import io.restpipe.pipe.internal.wire.Hello;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a peer, whatever version of the protocol it speaks. Who uses it need not know:
 * what a version cannot carry fails with a reason. Any thread, where nothing else is said.
 */
public interface Connection {

  /**
   * Sends an event.
   *
   * @param id names the event, also where it is sent again
   * @param timeout how long to wait for the reply; while a body moves, counted from its last
   *     progress
   * @param resent whether the event may have been sent before, over another connection
   */
  Call send(Event event, String id, Duration timeout, boolean resent, ReplyReceiver receiver);

  /** Who is at the other end, as far as it is known. */
  PeerInfo peer();

  /**
   * The peer's greeting. A peer of version 1 does not greet: its certificate and address stand in
   * for it.
   *
   * @throws IllegalStateException if it has not come yet
   */
  Hello theirs();

  /** How many events are under way, both ways. */
  int inFlight();

  /** As the last heartbeat measured it; null before the first. */
  @Nullable Duration roundTrip();

  /** Whether events can be sent: both ends are ready, and none has said goodbye. */
  boolean acceptsEvents();

  /** Lets the peer in; events flow from then on. Accepting end only. */
  void accept();

  /**
   * Takes no more events either way, finishes what runs, then closes. {@code lastStream} is filled
   * in.
   */
  void drain(GoAway goAway);

  /** Tells the peer why, where it can be told, and closes now. {@code lastStream} is filled in. */
  void close(GoAway goAway);

  /**
   * Asks the peer for a sign of life.
   *
   * @param answer gets true as soon as there is one, false after the timeout; on the loop
   */
  void probe(Duration timeout, Consumer<Boolean> answer);

  /** What goes into the channel's pipeline, behind TLS. */
  ChannelHandler handler();

  /** The event loop that all of it belongs to. */
  EventLoop loop();

  /** Whether the listener was told of the end. On the loop. */
  boolean closed();
}

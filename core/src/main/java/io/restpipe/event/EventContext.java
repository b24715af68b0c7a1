package io.restpipe.event;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a handler method may know beside its parameters. Any thread.
 *
 * <p>Call it; do not implement it: methods may be added.
 */
public interface EventContext {

  /** Who sent the event. */
  PeerInfo peer();

  /**
   * Who is behind the event: the user or peer that called, here or at another node, as far as this
   * node knows or takes another one's word. For the peer's own calls, the peer.
   */
  Principal caller();

  /** The event's id, the same when it is sent again. */
  String eventId();

  Verb verb();

  String noun();

  /** The URL parameters, decoded. */
  List<String> parameters();

  Headers headers();

  /** The query string as sent. */
  String query();

  /**
   * The query string decoded (application/x-www-form-urlencoded); values in order.
   *
   * @throws ParameterException if a percent escape is malformed
   */
  Map<String, List<String>> queryParameters();

  /** When the sender stops waiting. */
  Instant deadline();

  /**
   * Whether nobody waits for the reply any more; a blocking handler's thread is interrupted too.
   */
  boolean cancelled();

  /** Calls back once when the event is cancelled, at once if it already is. Must not block. */
  void onCancel(Runnable callback);
}

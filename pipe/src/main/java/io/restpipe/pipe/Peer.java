package io.restpipe.pipe;

import io.restpipe.event.Body;
import io.restpipe.event.Event;
import io.restpipe.event.Reply;
import io.restpipe.event.Verb;
import java.util.concurrent.CompletableFuture;

/**
 * Somebody to call, by name. A peer need not be connected: a call waits for it, and survives a
 * reconnect where that is safe. Any thread; nothing here blocks.
 *
 * <p>Futures complete on an event loop: do not block in their callbacks, use the {@code …Async}
 * forms. Cancelling a future cancels the call at the other end. All futures fail with {@link
 * PipeException} where there is no reply.
 *
 * <p>Call it; do not implement it: methods may be added.
 */
public interface Peer {

  String name();

  /** Whether a call now would go out at once. */
  boolean connected();

  /**
   * Sends an event and gives the reply as it is, whatever its return code. Completes when the head
   * of the reply is there; the body may still be under way, and is to be read or discarded.
   */
  CompletableFuture<Reply> exchange(Event event);

  /**
   * Sends an event. Completes when the head of the reply is there; the body may still be under way,
   * and is to be read or discarded. Fails with {@link PipeFailException} where the handler failed
   * or there is none.
   */
  default CompletableFuture<Reply> send(Event event) {
    return PipeFailException.raiseForFailure(exchange(event));
  }

  /**
   * Sends an event and collects the reply's body, up to {@link Reply#AGGREGATE_LIMIT} bytes. Fails
   * with {@link PipeFailException} where the handler failed or there is none.
   */
  default CompletableFuture<Reply> call(Event event) {
    return Collecting.call(this, event);
  }

  /**
   * Calls a path: {@code NOUN[//P1/P2…][?query]}, percent-escaped as in a URL. The reply's body is
   * collected.
   */
  default CompletableFuture<Reply> get(String path) {
    return call(Event.at(Verb.GET, path).build());
  }

  /** As {@link #get}, with a body to send. */
  default CompletableFuture<Reply> post(String path, String mimeType, Body body) {
    return call(Event.at(Verb.POST, path).body(mimeType, body).build());
  }

  /** As {@link #get}, with a body to send. */
  default CompletableFuture<Reply> put(String path, String mimeType, Body body) {
    return call(Event.at(Verb.PUT, path).body(mimeType, body).build());
  }

  /** As {@link #get}, with a body to send. */
  default CompletableFuture<Reply> patch(String path, String mimeType, Body body) {
    return call(Event.at(Verb.PATCH, path).body(mimeType, body).build());
  }

  /** As {@link #get}. */
  default CompletableFuture<Reply> delete(String path) {
    return call(Event.at(Verb.DELETE, path).build());
  }
}

package io.restpipe.pipe.internal.legacy;

import io.restpipe.event.Body;
import io.restpipe.event.Event;
import io.restpipe.event.Verb;
import io.restpipe.pipe.internal.wire.V1Event;
import io.restpipe.pipe.internal.wire.V1Noun;
import io.restpipe.pipe.internal.wire.V1Reply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The events of the peer that run here, by the ids that it gave them. On the loop. */
final class V1Events {

  private final V1Connection connection;
  private final Map<Integer, V1Exchange> open = new HashMap<>();

  /** The ids of two connections must not meet where an event is to run once. */
  private final String idPrefix = UUID.randomUUID() + "-";

  private long count;
  private long bytes;

  V1Events(V1Connection connection) {
    this.connection = connection;
  }

  int count() {
    return open.size();
  }

  boolean isOpen(int id) {
    return open.containsKey(id);
  }

  void received(int id, V1Event event) {
    if (open.containsKey(id)) {
      // Two replies to one request would make the peer deaf.
      connection.duplicate(id);
      return;
    }
    Optional<Verb> verb = verb(event.verb());
    if (verb.isEmpty()) {
      connection.sendReply(id, V1Failure.unhandled());
      return;
    }
    String refusal = refusal(event);
    if (refusal != null) {
      connection.sendReply(id, V1Failure.reply(refusal));
      return;
    }
    var exchange =
        new V1Exchange(connection, id, event(verb.get(), event), event.data().remaining());
    open.put(id, exchange);
    bytes += exchange.bytes();
    connection.countChanged();
    try {
      connection.processor().process(exchange);
    } catch (RuntimeException failure) {
      connection.callbackFailed("processing of " + exchange.event(), failure);
      exchange.refuse(V1Exchange.Refusal.OVERLOADED, "the event could not be processed");
    }
  }

  private static Optional<Verb> verb(String verb) {
    return Stream.of(Verb.values()).filter(one -> one.lowerCase().equals(verb)).findFirst();
  }

  /** Why the event is not run; null if it is. */
  private @Nullable String refusal(V1Event event) {
    if (connection.draining()) {
      return "the node is shutting down";
    }
    V1Settings settings = connection.settings();
    if (open.size() >= settings.maxRunning()
        || bytes + event.data().remaining() > settings.maxHeld()) {
      String limit = "too many events of this connection are running";
      connection.limitHit(limit);
      return limit;
    }
    return null;
  }

  private Event event(Verb verb, V1Event event) {
    V1Noun noun = V1Noun.split(event.noun());
    return Event.builder(verb, noun.noun())
        .id(idPrefix + ++count)
        .parameters(noun.parameters())
        .body(event.mimeType(), Body.of(event.data()))
        .timeout(connection.settings().eventTimeout())
        .build();
  }

  /** {@code reply}: null where the peer is not there any more. */
  void ended(V1Exchange exchange, @Nullable V1Reply reply) {
    if (open.remove(exchange.id(), exchange)) {
      bytes -= exchange.bytes();
    }
    if (reply != null) {
      connection.handled(exchange.age());
      connection.sendReply(exchange.id(), reply);
    }
    connection.countChanged();
  }

  /** The connection is gone. */
  void lose() {
    List<V1Exchange> all = new ArrayList<>(open.values());
    all.forEach(V1Exchange::connectionLost);
  }
}

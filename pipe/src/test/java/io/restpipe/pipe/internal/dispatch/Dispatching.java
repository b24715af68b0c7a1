package io.restpipe.pipe.internal.dispatch;

import io.restpipe.event.Event;
import io.restpipe.event.EventHandler;
import io.restpipe.event.Reply;
import io.restpipe.event.Verb;
import tools.jackson.databind.JsonNode;

/** A dispatcher over a handler, to be asked as a peer would. */
final class Dispatching implements AutoCloseable {

  final HandlerExecutor executor = HandlerExecutor.create();
  final Dispatcher dispatcher;

  Dispatching(EventHandler handler) {
    dispatcher = Dispatcher.builder(handler, executor).name("node-1").version("1.2.3").build();
  }

  FakeExchange send(Event event) {
    var exchange = new FakeExchange(event);
    dispatcher.process(exchange);
    return exchange;
  }

  Reply call(Verb verb, String path) {
    return send(Event.at(verb, path).build()).awaitReply();
  }

  Reply get(String path) {
    return call(Verb.GET, path);
  }

  Reply post(String path, String mimeType, String body) {
    return send(Event.at(Verb.POST, path).body(mimeType, body).build()).awaitReply();
  }

  /** The text of a GET's reply. */
  String text(String path) {
    return get(path).text();
  }

  static JsonNode exception(Reply reply) {
    return Json.MAPPER.readTree(reply.bytes()).path("exception");
  }

  @Override
  public void close() {
    executor.close();
  }
}

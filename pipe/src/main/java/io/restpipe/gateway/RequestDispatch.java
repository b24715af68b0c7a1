package io.restpipe.gateway;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import io.restpipe.event.Body;
import io.restpipe.event.Principal;
import java.nio.charset.StandardCharsets;

/** Sends a request to its peer or page. On the connection's loop. */
final class RequestDispatch {

  private RequestDispatch() {}

  /** Every exchange is responded to in the end, whatever happens; the body is read or discarded. */
  static void dispatch(HttpExchange exchange, RequestHead head, Body body) {
    try {
      route(exchange, head, body);
    } catch (ProblemException problem) {
      body.discard();
      exchange.problem(problem.problem());
    } catch (RuntimeException failure) {
      body.discard();
      exchange.unexpected(failure);
    }
  }

  /** Goes on with a request later, with the same promise. */
  static void guarded(HttpExchange exchange, Body body, Runnable step) {
    try {
      step.run();
    } catch (ProblemException problem) {
      body.discard();
      exchange.problem(problem.problem());
    } catch (RuntimeException failure) {
      body.discard();
      exchange.unexpected(failure);
    }
  }

  private static void route(HttpExchange exchange, RequestHead head, Body body) {
    if (head.target().equals("*") && head.method().equals("OPTIONS")) {
      body.discard();
      options(exchange);
      return;
    }
    Route route = exchange.gateway().router.route(head.target());
    if (exchange.gateway().asks) {
      Admission.of(exchange, head, route, body);
    } else {
      go(exchange, head, route, body, exchange.connection().remote().principal());
    }
  }

  /** Sends a request on whose caller is known, as far as anybody asked. */
  static void go(
      HttpExchange exchange, RequestHead head, Route route, Body body, Principal caller) {
    if (route instanceof Route.ToPeer toPeer) {
      EventCall.start(exchange, head, toPeer, body, caller);
    } else if (route instanceof Route.Page page) {
      body.discard();
      page(exchange, head, page);
    }
  }

  private static void options(HttpExchange exchange) {
    HttpHeaders headers = HttpExchange.headers();
    headers.set(FieldNames.ALLOW, EventRequest.VERBS);
    exchange.respond(200, headers, Unpooled.EMPTY_BUFFER);
  }

  private static void page(HttpExchange exchange, RequestHead head, Route.Page page) {
    if (!head.method().equals("GET") && !head.isHead()) {
      throw new ProblemException(Problem.methodNotAllowed(head.method(), Pages.ALLOW));
    }
    Pages.Content content = exchange.gateway().pages.content(page);
    HttpHeaders headers = HttpExchange.headers();
    headers.set(FieldNames.CONTENT_TYPE, content.mimeType());
    headers.set(FieldNames.CACHE_CONTROL, "no-store");
    exchange.respond(200, headers, Unpooled.copiedBuffer(content.text(), StandardCharsets.UTF_8));
  }
}

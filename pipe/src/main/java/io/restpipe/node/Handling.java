package io.restpipe.node;

import io.restpipe.event.EventHandler;
import io.restpipe.event.EventProcessor;
import io.restpipe.metrics.Metrics;
import io.restpipe.pipe.internal.access.AccessControl;
import io.restpipe.pipe.internal.access.GuardedProcessor;
import io.restpipe.pipe.internal.dispatch.ConnectionHooks;
import io.restpipe.pipe.internal.dispatch.Dispatcher;
import io.restpipe.pipe.internal.dispatch.HandlerExecutor;
import io.restpipe.pipe.internal.dispatch.OnceProcessor;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What answers the events that come in: who may first, then once-only, then the handler's methods.
 */
record Handling(HandlerExecutor executor, EventProcessor processor, ConnectionHooks hooks)
    implements AutoCloseable {

  /**
   * @param registrations functions that stand beside the handler's methods
   * @param relaying puts in front of them what is passed on rather than answered
   * @param control says what may be called
   * @throws NodeStartException if the handler cannot be served as it is
   */
  static Handling of(
      EventHandler handler,
      List<EventHandler.Registration> registrations,
      String name,
      Metrics metrics,
      UnaryOperator<EventProcessor> relaying,
      AccessControl control) {
    HandlerExecutor executor = HandlerExecutor.create();
    try {
      for (EventHandler.Registration one : registrations) {
        if (one.nonBlocking()) {
          handler.onNonBlocking(one.verb(), one.noun(), one.function());
        } else {
          handler.on(one.verb(), one.noun(), one.function());
        }
      }
      Dispatcher dispatcher =
          Dispatcher.builder(handler, executor)
              .name(name)
              .version(Version.number())
              .metrics(metrics)
              .build();
      return new Handling(
          executor,
          new GuardedProcessor(control, new OnceProcessor(relaying.apply(dispatcher))),
          new ConnectionHooks(handler, executor));
    } catch (IllegalArgumentException invalid) {
      executor.close();
      throw new NodeStartException(String.valueOf(invalid.getMessage()), invalid);
    }
  }

  @Override
  public void close() {
    executor.close();
  }
}

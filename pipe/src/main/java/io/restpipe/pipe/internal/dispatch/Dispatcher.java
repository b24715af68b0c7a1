package io.restpipe.pipe.internal.dispatch;

import io.restpipe.event.Body;
import io.restpipe.event.Event;
import io.restpipe.event.EventHandler;
import io.restpipe.event.EventProcessor;
import io.restpipe.event.Exchange;
import io.restpipe.event.Headers;
import io.restpipe.event.Reply;
import io.restpipe.event.ReturnCode;
import io.restpipe.event.Verb;
import io.restpipe.metrics.Metrics;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers events by the methods of an {@link EventHandler}. Any number of loops may call it; it
 * keeps nothing between events but its counters.
 */
public final class Dispatcher implements EventProcessor {

  /** The most bytes of a body that are held in memory at once: 16 MiB. */
  public static final int DEFAULT_BODY_LIMIT = 16 * 1024 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  private static final Reply UNHANDLED =
      new Reply(ReturnCode.UNHANDLED, "text/plain", Headers.empty(), Body.empty());

  private final MethodTable table;
  private final HandlerExecutor executor;
  private final ResultEncoder encoder;
  private final int bodyLimit;

  private Dispatcher(Builder builder) {
    this.executor = builder.executor;
    this.encoder = new ResultEncoder(builder.executor.streams());
    this.bodyLimit = builder.bodyLimit;
    this.table =
        BuiltInEvents.addTo(
            MethodTable.of(builder.handler, builder.metrics), builder.name, builder.version);
  }

  /**
   * Starts a dispatcher.
   *
   * @param executor runs what may block; closed by its owner, after the last event
   */
  public static Builder builder(EventHandler handler, HandlerExecutor executor) {
    return new Builder(handler, executor);
  }

  @Override
  public void process(Exchange exchange) {
    Event event = exchange.event();
    EventMethod method = table.find(event.verb(), event.noun());
    if (method == null) {
      answerWithoutMethod(exchange);
    } else {
      new Invocation(this, method, exchange).start();
    }
  }

  private void answerWithoutMethod(Exchange exchange) {
    Event event = exchange.event();
    event.body().discard();
    Set<Verb> allowed = table.allowed(event.noun());
    if (allowed.isEmpty()) {
      LOG.debug("{} [{}] nothing answers it", exchange.peer().name(), exchange.eventId());
      exchange.reply(UNHANDLED);
      return;
    }
    int code = event.verb() == Verb.OPTIONS ? ReturnCode.OK : ReturnCode.UNHANDLED;
    String mimeType = code == ReturnCode.OK ? "" : UNHANDLED.mimeType();
    String verbs = allowed.stream().map(Verb::name).collect(Collectors.joining(", "));
    exchange.reply(new Reply(code, mimeType, Headers.of("Allow", verbs), Body.empty()));
  }

  HandlerExecutor executor() {
    return executor;
  }

  ResultEncoder encoder() {
    return encoder;
  }

  int bodyLimit() {
    return bodyLimit;
  }

  /** Collects what is optional in a dispatcher. Not thread-safe. */
  public static final class Builder {

    private final EventHandler handler;
    private final HandlerExecutor executor;
    private String name = "";
    private String version = "";
    private int bodyLimit = DEFAULT_BODY_LIMIT;
    private Metrics metrics = Metrics.none();

    private Builder(EventHandler handler, HandlerExecutor executor) {
      this.handler = handler;
      this.executor = executor;
    }

    /** What this node says to be called in {@code $ping} and {@code $info}. Default: empty. */
    public Builder name(String name) {
      this.name = name;
      return this;
    }

    /** The software version in {@code $info}. Default: empty. */
    public Builder version(String version) {
      this.version = version;
      return this;
    }

    /**
     * The most bytes that a body may have whose handler takes it in one piece. Default: {@link
     * #DEFAULT_BODY_LIMIT}.
     */
    public Builder bodyLimit(int bodyLimit) {
      if (bodyLimit < 0) {
        throw new IllegalArgumentException("body limit is negative: " + bodyLimit);
      }
      this.bodyLimit = bodyLimit;
      return this;
    }

    /** Default: none. */
    public Builder metrics(Metrics metrics) {
      this.metrics = metrics;
      return this;
    }

    /**
     * Reads the handler's methods.
     *
     * @throws InvalidHandlerException if they cannot be served as they are written
     */
    public Dispatcher build() {
      return new Dispatcher(this);
    }
  }
}

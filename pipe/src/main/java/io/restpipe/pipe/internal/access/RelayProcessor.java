package io.restpipe.pipe.internal.access;

import io.restpipe.event.Event;
import io.restpipe.event.EventProcessor;
import io.restpipe.event.Exchange;
import io.restpipe.event.Reply;
import io.restpipe.pipe.Peers;
import io.restpipe.pipe.PipeException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on what one client asks of another, on the server: the event with its id, its caller and
 * the time that is left, and the reply on the way back. Bodies go through as they come, held back
 * by whoever reads slowest; giving up goes through too. All other events go to the next processor.
 */
public final class RelayProcessor implements EventProcessor {

  private static final Logger LOG = LoggerFactory.getLogger(RelayProcessor.class);

  /** The caller's own deadline is to come first, so that it is told of that and of nothing else. */
  private static final Duration SLACK = Duration.ofSeconds(1);

  private final Peers peers;
  private final EventProcessor next;

  public RelayProcessor(Peers peers, EventProcessor next) {
    this.peers = peers;
    this.next = next;
  }

  @Override
  public void process(Exchange exchange) {
    String client = exchange.event().relayTo().orElse(null);
    if (client == null) {
      next.process(exchange);
    } else {
      relay(exchange, client);
    }
  }

  private void relay(Exchange exchange, String client) {
    Event event = exchange.event();
    Duration left = Duration.between(Instant.now(), exchange.deadline());
    Event passed =
        event.toBuilder()
            .id(exchange.eventId())
            .relayTo(null)
            .caller(exchange.caller())
            .timeout(left.isNegative() ? SLACK : left.plus(SLACK))
            .build();
    LOG.debug("{} [{}] passed on to {}", exchange.peer().name(), exchange.eventId(), client);
    CompletableFuture<Reply> call = peers.peer(client).exchange(passed);
    exchange.onCancel(cause -> call.cancel(true));
    call.whenComplete((reply, failure) -> settle(exchange, reply, failure));
  }

  private static void settle(
      Exchange exchange, @Nullable Reply reply, @Nullable Throwable failure) {
    if (reply != null) {
      exchange.reply(reply);
      return;
    }
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof PipeException pipe) {
      exchange.refuse(refusal(pipe), String.valueOf(pipe.getMessage()));
    } else {
      // Whoever gave up is being told why just now; this must not come first.
      later(
          exchange,
          () -> exchange.refuse(Exchange.Refusal.OUTCOME_UNKNOWN, "it was given up on its way"));
    }
  }

  private static void later(Exchange exchange, Runnable step) {
    try {
      exchange.loop().execute(step);
    } catch (RejectedExecutionException ended) {
      step.run();
    }
  }

  private static Exchange.Refusal refusal(PipeException failure) {
    return switch (failure.reason()) {
      case UNKNOWN_PEER -> Exchange.Refusal.UNKNOWN_PEER;
      case NOT_CONNECTED -> Exchange.Refusal.NOT_CONNECTED;
      case OVERLOADED -> Exchange.Refusal.OVERLOADED;
      case TOO_LARGE, BAD_EVENT -> Exchange.Refusal.TOO_LARGE;
      case FORBIDDEN -> Exchange.Refusal.FORBIDDEN;
      case DRAINING -> Exchange.Refusal.DRAINING;
      case TIMED_OUT, CONNECTION_LOST, CANCELLED ->
          failure.outcomeUnknown()
              ? Exchange.Refusal.OUTCOME_UNKNOWN
              : Exchange.Refusal.NOT_CONNECTED;
    };
  }
}

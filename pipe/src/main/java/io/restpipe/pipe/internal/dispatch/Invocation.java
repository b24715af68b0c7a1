package io.restpipe.pipe.internal.dispatch;

import io.restpipe.event.Body;
import io.restpipe.event.BodyException;
import io.restpipe.event.Event;
import io.restpipe.event.EventContext;
import io.restpipe.event.Exchange;
import io.restpipe.event.Headers;
import io.restpipe.event.ParameterException;
import io.restpipe.event.PeerInfo;
import io.restpipe.event.Principal;
import io.restpipe.event.Reply;
import io.restpipe.event.Verb;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event on its way through its method. Begins on the loop; a method that may block runs on a
 * thread of its own. Ends once, by a reply or a refusal, whatever happens.
 */
final class Invocation implements EventContext, Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  /** A body up to this size is waited for without a thread. */
  private static final int SMALL_BODY = 64 * 1024;

  private final Dispatcher dispatcher;
  private final EventMethod method;
  private final Exchange exchange;
  private final Event event;
  private final AtomicBoolean ended = new AtomicBoolean();

  private PostedData postData;
  private long startedNanos;

  /** Guards what follows. Held only for moments, never while foreign code runs. */
  private final Object lock = new Object();

  /** The thread to interrupt; only while the method is running on it. */
  private @Nullable Thread runner;

  private @Nullable CompletionStage<?> pending;
  private boolean watched;
  private boolean cancelled;
  private @Nullable List<Runnable> callbacks;

  Invocation(Dispatcher dispatcher, EventMethod method, Exchange exchange) {
    this.dispatcher = dispatcher;
    this.method = method;
    this.exchange = exchange;
    this.event = exchange.event();
    this.postData = new PostedData(event, event.body(), dispatcher.bodyLimit());
  }

  /** On the loop. */
  void start() {
    Body body = event.body();
    if (method.nonBlocking()) {
      if (body.whole() != null) {
        run();
      } else {
        int limit = dispatcher.bodyLimit();
        whenThere(body.gather(limit), limit, this);
      }
      return;
    }
    watch();
    int few = Math.min(SMALL_BODY, dispatcher.bodyLimit());
    if (body.whole() == null && body.length() >= 0 && body.length() <= few) {
      // Not gathered: most methods that may block want an array, or read the body twice.
      whenThere(body.aggregate(few).thenApply(Body::of), few, this::submit);
    } else {
      submit();
    }
  }

  /** Goes on when the whole body has come. */
  private void whenThere(CompletableFuture<Body> coming, int limit, Runnable next) {
    coming.whenComplete(
        (body, failure) -> {
          if (failure == null) {
            postData = new PostedData(event, body, dispatcher.bodyLimit());
            next.run();
          } else if (isTooLarge(cause(failure))) {
            refuse(Exchange.Refusal.TOO_LARGE, tooLarge(limit));
          } else {
            refuse(Exchange.Refusal.OVERLOADED, "the body broke off before it was complete");
          }
        });
  }

  private static boolean isTooLarge(Throwable failure) {
    return failure instanceof BodyException broken
        && broken.reason() == BodyException.Reason.TOO_LARGE;
  }

  private static String tooLarge(int limit) {
    return "the body is larger than the "
        + limit
        + " bytes that this node holds in memory for one event";
  }

  private void submit() {
    if (!dispatcher.executor().execute(this)) {
      refuse(
          Exchange.Refusal.OVERLOADED,
          dispatcher.executor().running() + " handlers are running: no more at once");
    }
  }

  @Override
  public void run() {
    if (!enter()) {
      refuse(Exchange.Refusal.OVERLOADED, "cancelled before it was run");
      return;
    }
    method.started();
    startedNanos = System.nanoTime();
    Object result = null;
    Throwable failure = null;
    try {
      result = method.target().call(this, postData);
      if (result instanceof Future<?> future && !(result instanceof CompletionStage)) {
        result = resultOf(future);
      }
    } catch (Throwable thrown) {
      failure = thrown;
    } finally {
      leave();
    }
    settle(result, failure, !method.nonBlocking());
  }

  /** From here on a cancellation interrupts this thread; false if it came before. */
  private boolean enter() {
    if (method.nonBlocking()) {
      return true;
    }
    synchronized (lock) {
      if (cancelled) {
        return false;
      }
      runner = Thread.currentThread();
      return true;
    }
  }

  /** From here on nothing interrupts this thread, and no interrupt is left for its next task. */
  private void leave() {
    if (!method.nonBlocking()) {
      synchronized (lock) {
        runner = null;
      }
      Thread.interrupted();
    }
  }

  private @Nullable Object resultOf(Future<?> future) throws Throwable {
    if (method.nonBlocking() && !future.isDone()) {
      throw new IllegalStateException(
          method.signature()
              + " is non-blocking but returned a Future, which can only be waited for: return a"
              + " CompletionStage");
    }
    try {
      return future.get();
    } catch (InterruptedException interrupted) {
      future.cancel(true);
      throw interrupted;
    } catch (ExecutionException failed) {
      throw cause(failed);
    }
  }

  /** Takes what the method or its stage has come to. */
  private void settle(@Nullable Object result, @Nullable Throwable failure, boolean mayTouchDisk) {
    if (failure != null) {
      fail(failure);
    } else if (result instanceof CompletionStage<?> stage) {
      follow(stage);
    } else if (!mayTouchDisk && ResultEncoder.needsDisk(result)) {
      try {
        dispatcher.executor().streams().execute(() -> encode(result));
      } catch (RejectedExecutionException closing) {
        fail(closing);
      }
    } else {
      encode(result);
    }
  }

  private void follow(CompletionStage<?> stage) {
    boolean late;
    synchronized (lock) {
      pending = stage;
      late = cancelled;
    }
    if (late) {
      cancel(stage);
    } else {
      watch();
    }
    stage.whenComplete(
        (result, failure) -> settle(result, failure == null ? null : cause(failure), false));
  }

  private static Throwable cause(Throwable wrapper) {
    Throwable cause = wrapper;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private void encode(@Nullable Object result) {
    Reply reply;
    try {
      reply = dispatcher.encoder().encode(result);
    } catch (Throwable unsayable) {
      fail(unsayable);
      return;
    }
    end(reply);
  }

  private void fail(Throwable failure) {
    if (postData.saidTooLarge(failure)) {
      refuse(Exchange.Refusal.TOO_LARGE, tooLarge(dispatcher.bodyLimit()));
      return;
    }
    try {
      log(failure);
    } catch (RuntimeException unprintable) {
      LOG.warn("{} [{}] {} failed: {}", peer().name(), eventId(), method, failure.getClass());
    }
    end(reply(failure));
  }

  private Reply reply(Throwable failure) {
    try {
      return ExceptionReply.of(failure);
    } catch (Throwable unsayable) {
      // An exception that cannot even be printed, or no memory left to do it.
      return ExceptionReply.of(new IllegalStateException(failure.getClass().getName()));
    }
  }

  private void log(Throwable failure) {
    if (failure instanceof ParameterException) {
      method.stats().misfit();
      LOG.debug("{} [{}] {}", peer().name(), eventId(), failure.getMessage());
    } else if (cancelled()) {
      LOG.debug("{} [{}] {} ended after cancellation", peer().name(), eventId(), method, failure);
    } else {
      method.stats().failed(failure);
      if (failure instanceof Error) {
        LOG.error("{} [{}] {} failed", peer().name(), eventId(), method, failure);
      } else {
        LOG.warn("{} [{}] {} failed", peer().name(), eventId(), method, failure);
      }
    }
  }

  private void end(Reply reply) {
    if (!ended.compareAndSet(false, true)) {
      reply.body().discard();
      return;
    }
    method.ran(System.nanoTime() - startedNanos);
    exchange.reply(postData.answered(reply));
  }

  private void refuse(Exchange.Refusal refusal, String message) {
    if (ended.compareAndSet(false, true)) {
      postData.giveUp();
      exchange.refuse(refusal, message);
    }
  }

  /** Asks the exchange for word of its cancellation; a call that ends at once never needs it. */
  private void watch() {
    synchronized (lock) {
      if (watched) {
        return;
      }
      watched = true;
    }
    exchange.onCancel(this::cancel);
  }

  private void cancel(Exchange.Cause why) {
    List<Runnable> toCall;
    CompletionStage<?> stage;
    synchronized (lock) {
      if (cancelled) {
        return;
      }
      cancelled = true;
      if (runner != null) {
        runner.interrupt();
      }
      toCall = callbacks == null ? List.of() : callbacks;
      callbacks = null;
      stage = pending;
    }
    LOG.debug("{} [{}] {} cancelled: {}", peer().name(), eventId(), method, why);
    toCall.forEach(this::call);
    if (stage != null) {
      cancel(stage);
    }
  }

  private void cancel(CompletionStage<?> stage) {
    try {
      stage.toCompletableFuture().cancel(true);
    } catch (RuntimeException uncancellable) {
      LOG.debug("{} [{}] {} cannot be cancelled", peer().name(), eventId(), method, uncancellable);
    }
    // A stage that takes no notice must not hold the exchange; nobody waits for this reply.
    end(reply(new CancellationException("cancelled")));
  }

  private void call(Runnable callback) {
    try {
      callback.run();
    } catch (RuntimeException failed) {
      LOG.warn("{} [{}] {}: onCancel callback failed", peer().name(), eventId(), method, failed);
    }
  }

  @Override
  public PeerInfo peer() {
    return exchange.peer();
  }

  @Override
  public Principal caller() {
    return exchange.caller();
  }

  @Override
  public String eventId() {
    return exchange.eventId();
  }

  @Override
  public Verb verb() {
    return event.verb();
  }

  @Override
  public String noun() {
    return event.noun();
  }

  @Override
  public List<String> parameters() {
    return event.parameters();
  }

  @Override
  public Headers headers() {
    return event.headers();
  }

  @Override
  public String query() {
    return event.query();
  }

  @Override
  public Map<String, List<String>> queryParameters() {
    return QueryString.parse(event.query());
  }

  @Override
  public Instant deadline() {
    return exchange.deadline();
  }

  @Override
  public boolean cancelled() {
    return exchange.cancelled();
  }

  @Override
  public void onCancel(Runnable callback) {
    watch();
    synchronized (lock) {
      if (!cancelled) {
        if (callbacks == null) {
          callbacks = new ArrayList<>(1);
        }
        callbacks.add(callback);
        return;
      }
    }
    call(callback);
  }
}

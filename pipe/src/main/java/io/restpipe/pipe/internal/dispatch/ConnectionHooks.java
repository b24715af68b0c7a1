package io.restpipe.pipe.internal.dispatch;

import io.restpipe.event.EventHandler;
import io.restpipe.event.PeerInfo;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a handler of connections: {@link EventHandler#start} and {@link EventHandler#stop}, off the
 * loop, one after the other for the same connection. Any thread.
 */
public final class ConnectionHooks {

  private static final Logger LOG = LoggerFactory.getLogger(ConnectionHooks.class);

  private final EventHandler handler;
  private final Executor executor;

  /** A thread for each connection is too much where there is nothing to call. */
  private final boolean wanted;

  public ConnectionHooks(EventHandler handler, HandlerExecutor executor) {
    this.handler = handler;
    this.executor = executor.hooks();
    this.wanted = overrides(handler, "start") || overrides(handler, "stop");
  }

  private static boolean overrides(EventHandler handler, String hook) {
    try {
      return handler.getClass().getMethod(hook, PeerInfo.class).getDeclaringClass()
          != EventHandler.class;
    } catch (NoSuchMethodException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Calls {@code start}; what comes back is to be told when the connection is gone. */
  public Link started(PeerInfo peer) {
    return new Link(peer, run("start", peer, CompletableFuture.completedFuture(null)));
  }

  private CompletableFuture<Void> run(String hook, PeerInfo peer, CompletableFuture<Void> after) {
    if (!wanted) {
      return after;
    }
    try {
      return after.thenRunAsync(() -> call(hook, peer), executor);
    } catch (RejectedExecutionException closing) {
      LOG.debug("{} handler's {} left out: the node is closing", peer.name(), hook);
      return CompletableFuture.completedFuture(null);
    }
  }

  private void call(String hook, PeerInfo peer) {
    try {
      if (hook.equals("start")) {
        handler.start(peer);
      } else {
        handler.stop(peer);
      }
    } catch (Throwable failed) {
      LOG.warn("{} handler's {} failed", peer.name(), hook, failed);
    }
  }

  /** One connection. */
  public final class Link {

    private final PeerInfo peer;
    private final CompletableFuture<Void> started;

    private Link(PeerInfo peer, CompletableFuture<Void> started) {
      this.peer = peer;
      this.started = started;
    }

    /** Calls {@code stop} as soon as {@code start} is over; to be called once. */
    public void stopped() {
      run("stop", peer, started);
    }
  }
}

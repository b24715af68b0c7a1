package io.restpipe.node;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks one after the other on threads that others share. Any thread may add. */
final class InTurn implements Executor {

  private static final Logger LOG = LoggerFactory.getLogger(InTurn.class);

  /** Tasks are news about connections; a listener this far behind hears no more of them. */
  private static final int MOST = 10_000;

  private final Executor threads;
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private boolean running;

  InTurn(Executor threads) {
    this.threads = threads;
  }

  @Override
  public synchronized void execute(Runnable task) {
    if (tasks.size() >= MOST) {
      LOG.warn("a listener is {} events behind; this one is dropped", MOST);
      return;
    }
    tasks.add(task);
    if (!running) {
      schedule();
    }
  }

  private void schedule() {
    try {
      threads.execute(this::runOne);
      running = true;
    } catch (RejectedExecutionException closing) {
      LOG.debug("listeners are not told any more: the node is closing");
      tasks.clear();
    }
  }

  private void runOne() {
    Runnable task = next();
    if (task == null) {
      return;
    }
    try {
      task.run();
    } catch (RuntimeException failure) {
      LOG.warn("a listener failed", failure);
    } finally {
      more();
    }
  }

  private synchronized @Nullable Runnable next() {
    return tasks.poll();
  }

  private synchronized void more() {
    running = false;
    if (!tasks.isEmpty()) {
      schedule();
    }
  }
}

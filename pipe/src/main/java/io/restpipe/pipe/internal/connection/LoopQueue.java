package io.restpipe.pipe.internal.connection;

import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings work from any thread to the event loop: the loop is woken once for all that has gathered,
 * and what the work writes is flushed once. First in, first out.
 */
final class LoopQueue implements Runnable {

  private final EventLoop loop;
  private final Runnable begin;
  private final Runnable finish;
  private final Consumer<Throwable> failed;

  /** The newest task, linked to the older ones. */
  private final AtomicReference<@Nullable LoopTask> newest = new AtomicReference<>();

  /**
   * @param begin runs on the loop before each batch of tasks
   * @param finish runs on the loop after each batch of tasks
   * @param failed hears, on the loop, what a task throws
   */
  LoopQueue(EventLoop loop, Runnable begin, Runnable finish, Consumer<Throwable> failed) {
    this.loop = loop;
    this.begin = begin;
    this.finish = finish;
    this.failed = failed;
  }

  void add(LoopTask task) {
    LoopTask before;
    do {
      before = newest.get();
      task.next = before;
    } while (!newest.compareAndSet(before, task));
    if (before == null) {
      try {
        loop.execute(this);
      } catch (RejectedExecutionException ended) {
        for (LoopTask lost = takeAll(); lost != null; ) {
          LoopTask following = lost.next;
          lost.next = null;
          lost.abandon();
          lost = following;
        }
      }
    }
  }

  @Override
  public void run() {
    begin.run();
    for (LoopTask task = takeAll(); task != null; ) {
      LoopTask following = task.next;
      task.next = null;
      try {
        task.run();
      } catch (RuntimeException failure) {
        failed.accept(failure);
      }
      task = following;
    }
    finish.run();
  }

  /** All tasks, the oldest first. */
  private @Nullable LoopTask takeAll() {
    LoopTask task = newest.getAndSet(null);
    LoopTask reversed = null;
    while (task != null) {
      LoopTask older = task.next;
      task.next = reversed;
      reversed = task;
      task = older;
    }
    return reversed;
  }
}

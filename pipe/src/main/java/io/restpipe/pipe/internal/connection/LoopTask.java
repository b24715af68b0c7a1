package io.restpipe.pipe.internal.connection;

import org.jspecify.annotations.Nullable;

/**
 * Work for the event loop, linked into a {@link LoopQueue} without a node of its own; it is in the
 * queue once at a time.
 */
abstract class LoopTask {

  /** A task of two actions; {@code abandoned} runs in place of the other if the loop has ended. */
  static LoopTask of(Runnable action, Runnable abandoned) {
    return new LoopTask() {
      @Override
      void run() {
        action.run();
      }

      @Override
      void abandon() {
        abandoned.run();
      }
    };
  }

  /** Owned by the queue. */
  @Nullable LoopTask next;

  /** On the loop. */
  abstract void run();

  /** The loop has ended: lets go of what is held. On the thread that brought the task. */
  abstract void abandon();
}

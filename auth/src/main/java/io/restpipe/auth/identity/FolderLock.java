package io.restpipe.auth.identity;

import io.restpipe.security.AtomicFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One at a time, of all threads and processes on this machine. A process that dies gives its lock
 * up. The file stays: whoever removed it could lock another one of the same name.
 */
final class FolderLock {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(5);

  /** The system's locks are those of the process, so threads need one of their own. */
  private static final ConcurrentMap<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private final ReentrantLock thread;
  private final FileChannel channel;

  private FolderLock(ReentrantLock thread, FileChannel channel) {
    this.thread = thread;
    this.channel = channel;
  }

  /** What is done meanwhile. */
  @FunctionalInterface
  interface Work<T> {

    T run() throws IOException;
  }

  /** The same, without a result. */
  @FunctionalInterface
  interface Task {

    void run() throws IOException;
  }

  /**
   * Does something while it has the lock, for which it waits half a minute at most.
   *
   * @throws IOException if it is not had then, the file can't be made, or the work fails
   */
  static <T> T holding(Path file, Work<T> work) throws IOException {
    FolderLock lock = take(file);
    try {
      return work.run();
    } finally {
      lock.release();
    }
  }

  /** The same, without a result. */
  static void run(Path file, Task task) throws IOException {
    FolderLock lock = take(file);
    try {
      task.run();
    } finally {
      lock.release();
    }
  }

  private static FolderLock take(Path file) throws IOException {
    AtomicFile.makeFolder(file.resolveSibling(""));
    Path key = file.toAbsolutePath().normalize();
    ReentrantLock thread = THREADS.computeIfAbsent(key, path -> new ReentrantLock());
    long end = System.nanoTime() + PATIENCE.toNanos();
    try {
      if (!thread.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
        throw busy(file);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for " + file);
    }
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      while (lock == null) {
        if (System.nanoTime() - end > 0) {
          throw busy(file);
        }
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedIOException("interrupted while waiting for " + file);
        }
        LockSupport.parkNanos(PAUSE);
        lock = channel.tryLock();
      }
      return new FolderLock(thread, channel);
    } catch (IOException | RuntimeException e) {
      if (channel != null) {
        channel.close();
      }
      thread.unlock();
      throw e;
    }
  }

  private static IOException busy(Path file) {
    return new FileSystemException(
        file.toString(), null, "another process has been at work here for half a minute");
  }

  /** With the channel, the system's lock goes. */
  private void release() throws IOException {
    try {
      channel.close();
    } finally {
      thread.unlock();
    }
  }
}

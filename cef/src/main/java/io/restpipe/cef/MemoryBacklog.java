package io.restpipe.cef;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A backlog without a disk: what it holds is lost with the process. */
final class MemoryBacklog implements Backlog {

  private static final Logger LOG = LoggerFactory.getLogger(MemoryBacklog.class);

  private final long maxBytes;
  private final Queue<byte[]> entries = new ArrayDeque<>();
  private long appended;
  private long read;
  private long confirmed;

  MemoryBacklog(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  public synchronized void append(byte[] entry) throws IOException {
    if (appended - confirmed + entry.length > maxBytes) {
      throw new IOException("the collector is behind, and memory holds " + maxBytes + " bytes");
    }
    entries.add(entry);
    appended += entry.length;
  }

  @Override
  public synchronized byte @Nullable [] next() {
    byte[] entry = entries.poll();
    if (entry != null) {
      read += entry.length;
    }
    return entry;
  }

  @Override
  public synchronized long waiting() {
    return appended - read;
  }

  @Override
  public synchronized long position() {
    return read;
  }

  @Override
  public synchronized void confirm(long position) {
    confirmed = Math.max(confirmed, position);
  }

  @Override
  public synchronized boolean isEmpty() {
    return confirmed == appended;
  }

  @Override
  public synchronized void close() {
    if (!isEmpty()) {
      LOG.warn(
          "{} bytes of events never reached the collector: give it a spool", appended - confirmed);
    }
  }
}

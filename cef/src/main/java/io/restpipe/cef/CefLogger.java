package io.restpipe.cef;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs events without making their callers wait for a disk or a collector: {@link #log} formats the
 * event and puts it into a bounded queue, from which a thread writes to the sink. A sink that fails
 * is tried again, for as long as the logger is open. Any thread.
 *
 * <p>When the queue is full the {@link WhenFull} policy says what happens. Whatever is lost is
 * counted, and the log itself says so as soon as it can, by an event of signature {@code
 * EventsLost} whose {@code cnt} is their number.
 */
public final class CefLogger implements AutoCloseable {

  /** What happens to an event when the queue is full. */
  public enum WhenFull {
    /** The caller waits, for the time the logger was made with; then the event is lost. */
    BLOCK,
    /** It is lost. */
    DROP,
    /** It goes to a spool on disk, and from there to the sink in its turn. */
    SPILL
  }

  /** The signature of the event that says how many events were lost. */
  public static final String EVENTS_LOST = "EventsLost";

  private static final Logger LOG = LoggerFactory.getLogger(CefLogger.class);

  private final CefFormatter formatter;
  private final RecordQueue queue;
  private final RecordWriter writer;
  private final Losses losses;

  private CefLogger(Builder builder, CefFormatter formatter, @Nullable Spill spill) {
    this.formatter = formatter;
    this.losses = new Losses(builder.device, formatter);
    this.queue = new RecordQueue(builder.queueSize, builder.blockAtMost, spill, losses);
    this.writer = new RecordWriter(queue, builder.sink, losses, builder.closeTimeout);
  }

  /** Begins a logger that writes to the sink, and closes it in the end. */
  public static Builder builder(CefDevice device, CefSink sink) {
    return new Builder(device, sink);
  }

  /** Logs an event; never throws. After {@link #close} the event is lost. */
  public void log(CefEvent event) {
    queue.add(new CefRecord(Instant.now(), formatter.bytes(event)));
  }

  /** How many events were lost since this logger was made. */
  public long lost() {
    return losses.total();
  }

  /** Writes what is queued, for as long as the logger was made to wait, and closes the sink. */
  @Override
  public void close() {
    writer.close();
    long lost = losses.total();
    if (lost > 0) {
      LOG.warn("{} security events were lost in all", lost);
    }
  }

  /** Makes a logger. */
  public static final class Builder {

    private static final int MAX_QUEUE = 1 << 20;

    private final CefDevice device;
    private final CefSink sink;
    private CefFormatter.Builder formatter = CefFormatter.builder();
    private int maxBytes = CefFormatter.DEFAULT_MAX_BYTES;
    private int queueSize = 8192;
    private Duration blockAtMost = Duration.ZERO;
    private @Nullable Path spillFolder;
    private long spillBytes;
    private Duration closeTimeout = Duration.ofSeconds(5);

    private Builder(CefDevice device, CefSink sink) {
      device.checkLengths();
      this.device = device;
      this.sink = sink;
    }

    /**
     * How events are written.
     *
     * @param formatter its limit counts for records with what the sink adds to them
     */
    public Builder formatter(CefFormatter formatter) {
      this.formatter = formatter.toBuilder();
      this.maxBytes = formatter.maxBytes();
      return this;
    }

    /** How many events wait at most, 8,192 by default. */
    public Builder queueSize(int events) {
      if (events < 1 || events > MAX_QUEUE) {
        throw new IllegalArgumentException(
            "queue of " + events + " events: must be 1 to " + MAX_QUEUE);
      }
      this.queueSize = events;
      return this;
    }

    /** {@link WhenFull#DROP}, which is the default. */
    public Builder dropWhenFull() {
      blockAtMost = Duration.ZERO;
      spillFolder = null;
      return this;
    }

    /** {@link WhenFull#BLOCK}, for that long at most. */
    public Builder blockWhenFull(Duration atMost) {
      if (atMost.isNegative() || atMost.isZero()) {
        throw new IllegalArgumentException("wait for at most " + atMost + ": must be more than 0");
      }
      dropWhenFull();
      blockAtMost = atMost;
      return this;
    }

    /**
     * {@link WhenFull#SPILL}.
     *
     * @param folder one that nothing else uses; made if it is not there
     * @param maxBytes how much it may hold; what comes then is lost
     */
    public Builder spillWhenFull(Path folder, long maxBytes) {
      dropWhenFull();
      spillFolder = folder;
      spillBytes = maxBytes;
      return this;
    }

    /** How long closing waits for the sink, 5 s by default; what is left then is lost. */
    public Builder closeTimeout(Duration timeout) {
      this.closeTimeout = timeout;
      return this;
    }

    /**
     * Starts the logger.
     *
     * @throws IOException if the folder for spilling can't be used
     */
    public CefLogger open() throws IOException {
      int least = CefFormatter.LEAST_MAX_BYTES;
      int left = Math.max(least, Math.min(maxBytes, sink.maxBytes()) - sink.overhead());
      Spill spill = spillFolder == null ? null : Spill.open(spillFolder, spillBytes);
      return new CefLogger(this, formatter.maxBytes(left).build(), spill);
    }
  }
}

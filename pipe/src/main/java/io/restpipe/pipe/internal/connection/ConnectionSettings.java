package io.restpipe.pipe.internal.connection;

import io.restpipe.pipe.internal.wire.FrameWriter;
import io.restpipe.pipe.internal.wire.Hello;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The bounds of one connection.
 *
 * @param maxStreams how many events of the peer may be under way at once; those that are cancelled
 *     count until their handler has ended
 * @param maxWaiting how many calls may wait because the peer's own bound is reached
 * @param streamCredit bytes of body that a stream may send before anything is read; grows where
 *     bandwidth and round trip ask for more
 * @param connectionCredit bytes of body that are held for readers, over all streams
 * @param writeBuffer bytes that may wait in the channel before bodies, and then heads, hold back;
 *     up to four times as many where the network is fast
 * @param heartbeatInterval silence after which the peer is asked for a sign of life
 * @param heartbeatTimeout silence after which the peer is dead
 * @param helloTimeout how long the peer's greeting may take
 * @param writeTimeout how long bytes may wait without any being taken by the network
 */
public record ConnectionSettings(
    int maxStreams,
    int maxWaiting,
    int streamCredit,
    int connectionCredit,
    int writeBuffer,
    Duration heartbeatInterval,
    Duration heartbeatTimeout,
    Duration helloTimeout,
    Duration writeTimeout) {

  /** A small piece of a body may keep a TLS record of this many times its size alive. */
  private static final int RECORD_OVERHEAD = 4;

  public ConnectionSettings {
    atLeast("maxStreams", maxStreams, 1);
    atLeast("maxWaiting", maxWaiting, 0);
    atLeast("streamCredit", streamCredit, FrameWriter.MAX_DATA_BYTES);
    atLeast("connectionCredit", connectionCredit, streamCredit);
    atLeast("writeBuffer", writeBuffer, FrameWriter.MAX_DATA_BYTES);
    positive("heartbeatInterval", heartbeatInterval);
    positive("heartbeatTimeout", heartbeatTimeout);
    positive("helloTimeout", helloTimeout);
    positive("writeTimeout", writeTimeout);
    if (heartbeatTimeout.compareTo(heartbeatInterval) <= 0) {
      throw new IllegalArgumentException(
          "heartbeatTimeout must be longer than heartbeatInterval "
              + heartbeatInterval
              + ": "
              + heartbeatTimeout);
    }
  }

  private static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " < " + least + ": " + value);
    }
  }

  private static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " is not positive: " + value);
    }
  }

  /**
   * 1024 streams, 4096 waiting calls, 256 KiB a stream, 16 MiB a connection, 64 KiB to write, a
   * heartbeat after 5 s and death after 10 s of silence, 10 s for a greeting and for a write.
   */
  public static ConnectionSettings defaults() {
    return new ConnectionSettings(
        1024,
        4096,
        256 * 1024,
        16 * 1024 * 1024,
        64 * 1024,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        Duration.ofSeconds(10));
  }

  public ConnectionSettings withMaxStreams(int streams) {
    return new ConnectionSettings(
        streams,
        maxWaiting,
        streamCredit,
        connectionCredit,
        writeBuffer,
        heartbeatInterval,
        heartbeatTimeout,
        helloTimeout,
        writeTimeout);
  }

  public ConnectionSettings withMaxWaiting(int waiting) {
    return new ConnectionSettings(
        maxStreams,
        waiting,
        streamCredit,
        connectionCredit,
        writeBuffer,
        heartbeatInterval,
        heartbeatTimeout,
        helloTimeout,
        writeTimeout);
  }

  public ConnectionSettings withCredit(int stream, int connection) {
    return new ConnectionSettings(
        maxStreams,
        maxWaiting,
        stream,
        connection,
        writeBuffer,
        heartbeatInterval,
        heartbeatTimeout,
        helloTimeout,
        writeTimeout);
  }

  public ConnectionSettings withHeartbeat(Duration interval, Duration timeout) {
    return new ConnectionSettings(
        maxStreams,
        maxWaiting,
        streamCredit,
        connectionCredit,
        writeBuffer,
        interval,
        timeout,
        helloTimeout,
        writeTimeout);
  }

  public ConnectionSettings withHelloTimeout(Duration timeout) {
    return new ConnectionSettings(
        maxStreams,
        maxWaiting,
        streamCredit,
        connectionCredit,
        writeBuffer,
        heartbeatInterval,
        heartbeatTimeout,
        timeout,
        writeTimeout);
  }

  public ConnectionSettings withWriteTimeout(Duration timeout) {
    return new ConnectionSettings(
        maxStreams,
        maxWaiting,
        streamCredit,
        connectionCredit,
        writeBuffer,
        heartbeatInterval,
        heartbeatTimeout,
        helloTimeout,
        timeout);
  }

  /** A greeting that announces these bounds. */
  public Hello hello(
      String instance,
      long epoch,
      String software,
      List<String> groups,
      Map<String, String> labels,
      List<String> servers) {
    return new Hello(
        instance,
        epoch,
        software,
        List.of(),
        groups,
        labels,
        maxStreams,
        streamCredit,
        connectionCredit,
        (int) Math.min(Integer.MAX_VALUE, heartbeatInterval.toMillis()),
        servers);
  }

  /**
   * The most bytes of bodies that a connection holds, whatever the peer does: what came in and is
   * not read, and what is to go out and not taken. Heads come on top, at most one a stream.
   */
  public long mostHeld() {
    return (long) RECORD_OVERHEAD * connectionCredit + 4L * Headroom.MOST * writeBuffer;
  }
}

package io.restpipe.cef;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A batch that takes its time to gather. */
@Timeout(60)
class LateFlushTest {

  private static final long LONG_AFTER = 30_000_000;

  /** One entry, after which the collector ends the connection before more can be read. */
  private static final class SlowBacklog implements Backlog {

    private final ServerSocket server;
    private int entries = 1;
    private long confirmed;

    SlowBacklog(ServerSocket server) {
      this.server = server;
    }

    @Override
    public byte @Nullable [] next() throws IOException {
      if (entries-- > 0) {
        return "<166>CEF:0\n".getBytes(StandardCharsets.US_ASCII);
      }
      LockSupport.parkNanos(LONG_AFTER);
      server.accept().close();
      LockSupport.parkNanos(LONG_AFTER);
      return null;
    }

    @Override
    public void confirm(long position) {
      confirmed = position;
    }

    @Override
    public long position() {
      return 1;
    }

    @Override
    public void append(byte[] entry) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long waiting() {
      return 0;
    }

    @Override
    public boolean isEmpty() {
      return false;
    }

    @Override
    public void close() {}
  }

  @Test
  void what_was_not_sent_when_the_collector_ended_the_connection_is_not_taken_for_read()
      throws IOException {
    try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        var backlog = new SlowBacklog(server)) {
      var collector = new Collector("127.0.0.1", server.getLocalPort(), null);
      var delivery = new Delivery(collector, backlog, (time, bytes) -> {});

      assertThatThrownBy(delivery::deliver).isInstanceOf(IOException.class);
      assertThat(backlog.confirmed).isZero();
    }
  }
}

package io.restpipe.cef;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The socket of the syslog daemon of this machine. Java speaks to stream sockets only; where the
 * daemon listens for datagrams, as at /dev/log, the system's own {@code logger} program carries the
 * messages, one process for all of them.
 */
final class LocalTransport implements Transport {

  private final Path socket;
  private final String program;
  private final String tag;
  private final SyslogHeader header;

  // Under this transport's lock.
  private @Nullable SocketChannel channel;
  private @Nullable LoggerProcess process;

  LocalTransport(Path socket, String program, String tag, SyslogHeader header) throws IOException {
    this.socket = socket;
    this.program = program;
    this.tag = tag;
    this.header = header;
    connect();
  }

  private void connect() throws IOException {
    if (!Files.exists(socket)) {
      throw new IOException(
          socket + " does not exist: start the syslog daemon, or name another address");
    }
    var fresh = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      fresh.connect(UnixDomainSocketAddress.of(socket));
      channel = fresh;
    } catch (IOException e) {
      fresh.close();
      process = new LoggerProcess(program, socket, tag);
    }
  }

  @Override
  public synchronized void send(byte[] message) throws IOException {
    try {
      if (channel == null && process == null) {
        connect();
      }
      if (channel != null) {
        write(channel, SyslogFraming.NEWLINE.frame(message));
      } else if (process != null) {
        process.send(SyslogFraming.NEWLINE.frame(header.withPriorityOnly(message)));
      }
    } catch (IOException e) {
      disconnect();
      throw e;
    }
  }

  private static void write(SocketChannel channel, byte[] line) throws IOException {
    var bytes = ByteBuffer.wrap(line);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private void disconnect() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
    if (process != null) {
      process.close();
      process = null;
    }
  }

  @Override
  public synchronized void close() throws IOException {
    disconnect();
  }
}

package io.restpipe.cef;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds out what a daemon listens for. Connecting a stream tells: the system refuses it where
 * nobody is, and where somebody is who takes datagrams, says that it is the wrong type.
 */
record LocalSocket(Path path) {

  /**
   * Connects.
   *
   * @return empty if the daemon takes datagrams
   * @throws IOException if nobody is there, or we may not write to it
   */
  Optional<SocketChannel> connect() throws IOException {
    if (!Files.exists(path)) {
      throw new IOException(
          path + " does not exist: start the syslog daemon, or name another address");
    }
    var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(path));
      return Optional.of(channel);
    } catch (IOException e) {
      channel.close();
      if (e.getClass() == SocketException.class && Files.exists(path)) {
        return Optional.empty();
      }
      throw explained(e);
    }
  }

  private IOException explained(IOException e) {
    if (e instanceof ConnectException) {
      return new IOException(path + " has no reader: start the syslog daemon", e);
    }
    if (e instanceof BindException) {
      return new IOException(path + " may not be written to by this user", e);
    }
    return e;
  }
}

package io.restpipe.cef;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A stream socket of the daemon, which reads a line for each message. */
record LocalStream(SocketChannel channel) implements LocalLink {

  @Override
  public void send(byte[] message) throws IOException {
    var bytes = ByteBuffer.wrap(SyslogFraming.NEWLINE.frame(message));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void abort() {
    try {
      channel.close();
    } catch (IOException e) {
      // It is of no use any more, closed or not.
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

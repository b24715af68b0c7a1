package io.restpipe.cef;

import java.nio.charset.StandardCharsets;

/** How messages are told apart on a TCP connection (RFC 6587). */
public enum SyslogFraming {
  /** Each message ends with a line feed. Every collector knows it; events never hold one. */
  NEWLINE,
  /** Each message begins with its length in bytes and a blank. */
  OCTET_COUNTING;

  byte[] frame(byte[] message) {
    byte[] head =
        this == NEWLINE ? new byte[0] : (message.length + " ").getBytes(StandardCharsets.US_ASCII);
    byte[] frame = new byte[head.length + message.length + (this == NEWLINE ? 1 : 0)];
    System.arraycopy(head, 0, frame, 0, head.length);
    System.arraycopy(message, 0, frame, head.length, message.length);
    if (this == NEWLINE) {
      frame[message.length] = '\n';
    }
    return frame;
  }
}

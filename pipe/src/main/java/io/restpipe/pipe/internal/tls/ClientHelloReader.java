package io.restpipe.pipe.internal.tls;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.DecoderException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Finds in a ClientHello (RFC 8446 section 4.1.2) the protocols that the caller names. */
final class ClientHelloReader {

  private static final int VERSION_AND_RANDOM = 2 + 32;
  private static final int ALPN = 16;

  private ClientHelloReader() {}

  /**
   * The names of the ALPN extension (RFC 7301 section 3.1) in the caller's order; empty if there is
   * none.
   *
   * @param hello the message from its version on; its reader index moves
   * @throws DecoderException if it is malformed
   */
  static List<String> protocols(ByteBuf hello) {
    try {
      hello.skipBytes(VERSION_AND_RANDOM);
      hello.skipBytes(hello.readUnsignedByte()); // session id
      hello.skipBytes(hello.readUnsignedShort()); // cipher suites
      hello.skipBytes(hello.readUnsignedByte()); // compression methods
      if (!hello.isReadable()) {
        return List.of(); // Extensions came with TLS 1.2.
      }
      ByteBuf extensions = hello.readSlice(hello.readUnsignedShort());
      while (extensions.isReadable()) {
        int type = extensions.readUnsignedShort();
        ByteBuf extension = extensions.readSlice(extensions.readUnsignedShort());
        if (type == ALPN) {
          return names(extension.readSlice(extension.readUnsignedShort()));
        }
      }
      return List.of();
    } catch (IndexOutOfBoundsException e) {
      throw new DecoderException("malformed ClientHello", e);
    }
  }

  private static List<String> names(ByteBuf list) {
    var names = new ArrayList<String>();
    while (list.isReadable()) {
      names.add(
          list.readCharSequence(list.readUnsignedByte(), StandardCharsets.ISO_8859_1).toString());
    }
    if (names.isEmpty()) {
      throw new DecoderException("a list of protocols without one");
    }
    return names;
  }
}

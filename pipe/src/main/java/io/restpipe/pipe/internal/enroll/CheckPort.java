package io.restpipe.pipe.internal.enroll;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.restpipe.pipe.internal.tls.PortProtocol;
import io.restpipe.pipe.internal.tls.Secured;
import io.restpipe.pipe.internal.tls.TlsContexts;
import io.restpipe.pipe.internal.tls.TlsPeer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/**
 * The accepting end of {@code restpipe-check/1}: a client that may connect is told so, and nothing
 * else happens. It gets one line of JSON, {@code {"name": "its name", "server": "software and
 * version", "time": "the server's clock"}}, and the connection ends.
 */
public final class CheckPort {

  private CheckPort() {}

  /**
   * The protocol, for the port.
   *
   * @param tls asked at each connection, so that it may change
   * @param software name and version of this program
   */
  public static PortProtocol protocol(Supplier<TlsContexts> tls, String software) {
    return new PortProtocol(
        TlsContexts.CHECK,
        () -> tls.get().checker(),
        Secured.byCertificate((channel, client) -> tell(channel, client, software)));
  }

  private static void tell(Channel channel, TlsPeer client, String software) {
    String line =
        JsonMapper.shared()
                .writeValueAsString(
                    Map.of(
                        "name", client.name(),
                        "server", software,
                        "time", Instant.now().toString()))
            + "\n";
    channel
        .writeAndFlush(
            ByteBufUtil.encodeString(
                channel.alloc(), CharBuffer.wrap(line), StandardCharsets.UTF_8))
        .addListener(ChannelFutureListener.CLOSE);
  }
}

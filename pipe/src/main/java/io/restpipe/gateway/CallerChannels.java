package io.restpipe.gateway;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.nio.charset.StandardCharsets;

/** Equips the channel of each new caller, or turns it away where there are too many. */
final class CallerChannels extends ChannelInitializer<Channel> {

  private final GatewayContext gateway;

  CallerChannels(GatewayContext gateway) {
    this.gateway = gateway;
  }

  @Override
  protected void initChannel(Channel channel) {
    long count = gateway.meters.connected();
    channel.closeFuture().addListener(closed -> gateway.meters.disconnected());
    gateway.connections.add(channel);
    if (count > gateway.options.maxConnections()) {
      gateway.meters.connectionRefused();
      gateway.security.connectionRefused(channel, gateway.options.maxConnections());
      if (gateway.listener.https()) {
        // A handshake only to say no would cost more than what it is to save.
        channel.close();
      } else {
        channel.pipeline().addLast(new TurnedAway(full()));
      }
      return;
    }
    GatewayCertificate certificate = gateway.listener.certificate;
    if (certificate != null) {
      channel
          .pipeline()
          .addLast(certificate.handler(gateway.listener.clientCertificates, channel.alloc()))
          .addLast(new CallerHandshake(gateway.security));
    }
    var decoder = new StrictRequestDecoder();
    channel
        .pipeline()
        .addLast(decoder)
        .addLast(new HttpResponseEncoder())
        .addLast(new HttpConnection(channel, gateway, decoder));
  }

  private String full() {
    Problem problem =
        Problem.of(
            503,
            "too-many-connections",
            "all " + gateway.options.maxConnections() + " connections are in use");
    String body = new String(problem.json(""), StandardCharsets.UTF_8);
    return "HTTP/1.1 503 Service Unavailable\r\nRetry-After: "
        + Math.max(1, gateway.options.retryAfter().toSeconds())
        + "\r\nContent-Type: "
        + Problem.MIME_TYPE
        + "\r\nContent-Length: "
        + body.length()
        + "\r\nConnection: close\r\n\r\n"
        + body;
  }
}

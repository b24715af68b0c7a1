package io.restpipe.gateway;

import io.restpipe.event.Principal;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a gateway's connection.
 *
 * @param text for logs: the IP address, or {@code unix}
 * @param ip the IP address; null on a Unix domain socket
 * @param local whether it is on this machine
 * @param address the IP address; null on a Unix domain socket
 * @param principal who it is where nobody is asked
 */
record Remote(
    String text,
    @Nullable String ip,
    boolean local,
    @Nullable InetAddress address,
    Principal principal) {

  static Remote of(@Nullable SocketAddress address) {
    if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
      String ip = inet.getAddress().getHostAddress();
      boolean local = inet.getAddress().isLoopbackAddress();
      return new Remote(
          ip, ip, local, inet.getAddress(), local ? Principal.local() : Principal.anonymous());
    }
    return new Remote("unix", null, true, null, Principal.local());
  }

  /** An address as it is written: {@code 127.0.0.1:80}, {@code [::1]:80}. */
  static String text(InetSocketAddress address) {
    InetAddress ip = address.getAddress();
    if (ip == null) {
      return address.getHostString() + ":" + address.getPort();
    }
    String host = ip.getHostAddress();
    return (ip instanceof Inet6Address ? "[" + host + "]" : host) + ":" + address.getPort();
  }
}

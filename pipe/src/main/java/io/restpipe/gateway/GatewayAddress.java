package io.restpipe.gateway;

import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a gateway listens: {@code HOST:PORT}, {@code [IPV6]:PORT} or {@code unix:PATH}. */
public final class GatewayAddress {

  private static final String UNIX = "unix:";

  /** The most bytes that the path of a Unix domain socket can have on Linux. */
  private static final int MAX_PATH = 107;

  private final String text;
  private final String host;
  private final int port;
  private final @Nullable Path socketFile;

  private GatewayAddress(String text, String host, int port, @Nullable Path socketFile) {
    this.text = text;
    this.host = host;
    this.port = port;
    this.socketFile = socketFile;
  }

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException with what is wrong and what would be right
   */
  public static GatewayAddress parse(String text) {
    return text.startsWith(UNIX) ? parseUnix(text) : parseTcp(text);
  }

  private static GatewayAddress parseUnix(String text) {
    String path = text.substring(UNIX.length());
    if (path.isEmpty()) {
      throw wrong(text, "there is no path after unix:, write for example unix:/run/restpipe.sock");
    }
    int bytes = path.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_PATH) {
      throw wrong(text, "the path has " + bytes + " bytes, a socket's may have " + MAX_PATH);
    }
    try {
      return new GatewayAddress(text, "", 0, Path.of(path));
    } catch (InvalidPathException invalid) {
      throw wrong(text, "the path is not valid: " + invalid.getReason());
    }
  }

  private static GatewayAddress parseTcp(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
      if (host.indexOf(':') < 0) {
        throw wrong(text, "only an IPv6 address stands in brackets");
      }
    } else if (host.indexOf(':') >= 0) {
      throw wrong(text, "write an IPv6 address in brackets, as in [::1]:7080");
    }
    if (host.isBlank()) {
      throw wrong(text, "must be HOST:PORT or unix:PATH, for example 127.0.0.1:7080");
    }
    return new GatewayAddress(text, host, port(text, text.substring(colon + 1)), null);
  }

  private static int port(String text, String digits) {
    if (!digits.isEmpty() && digits.length() <= 5 && digits.chars().allMatch(c -> isDigit(c))) {
      int port = Integer.parseInt(digits);
      if (port <= 65535) {
        return port;
      }
    }
    throw wrong(text, "the port must be 0 to 65535: " + digits);
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static IllegalArgumentException wrong(String text, String what) {
    return new IllegalArgumentException("gateway address " + text + ": " + what);
  }

  /** The file of a Unix domain socket; absent for TCP. */
  public Optional<Path> socketFile() {
    return Optional.ofNullable(socketFile);
  }

  /**
   * Whether only this machine can reach it: a loopback address or a Unix domain socket. A name
   * counts if all its addresses are loopback ones.
   */
  public boolean loopback() {
    if (socketFile != null) {
      return true;
    }
    try {
      return Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
    } catch (UnknownHostException unknown) {
      return false;
    }
  }

  /**
   * Refuses an address that other machines can reach, since the gateway asks nobody who they are.
   *
   * @param dev whether it is allowed all the same, for trying things out
   * @throws IllegalArgumentException with what to do instead
   */
  public void requireLoopback(boolean dev) {
    if (!dev && !loopback()) {
      throw wrong(
          text,
          "other machines could call everything through it, since it has no authentication;"
              + " listen on 127.0.0.1:"
              + port
              + " or unix:PATH and let others in over HTTPS (https.listen), or say --dev where that is"
              + " really wanted");
    }
  }

  Class<? extends ServerChannel> channelType(boolean epoll) {
    if (socketFile != null) {
      return epoll ? EpollServerDomainSocketChannel.class : NioServerDomainSocketChannel.class;
    }
    return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  /** To bind to; the host name is looked up now. */
  SocketAddress socketAddress(boolean epoll) {
    if (socketFile != null) {
      return epoll
          ? new DomainSocketAddress(socketFile.toString())
          : UnixDomainSocketAddress.of(socketFile);
    }
    return new InetSocketAddress(host, port);
  }

  /** As it was written. */
  @Override
  public String toString() {
    return text;
  }
}

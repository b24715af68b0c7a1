package io.restpipe.pipe;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Turns the host in {@code /client/HOST/…} into addresses where no client has that name, to find
 * the client that is connected from one of them. Runs on a thread that may block.
 */
@FunctionalInterface
public interface HostnameResolver {

  /** All addresses of a host. */
  List<InetAddress> resolve(String host) throws UnknownHostException;

  /** Asks the operating system. */
  static HostnameResolver system() {
    return host -> List.of(InetAddress.getAllByName(host));
  }
}

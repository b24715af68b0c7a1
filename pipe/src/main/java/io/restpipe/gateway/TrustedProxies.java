package io.restpipe.gateway;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The networks whose word about who called them is believed. Immutable. */
final class TrustedProxies {

  private static final TrustedProxies NONE = new TrustedProxies(List.of());

  /** A chain of proxies that is longer is nobody's. */
  private static final int MAX_HOPS = 32;

  private final List<Network> networks;

  private static final class Network {

    private final byte[] address;
    private final int bits;

    Network(byte[] address, int bits) {
      this.address = address;
      this.bits = bits;
    }

    boolean contains(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      for (int i = 0; i < bits; i++) {
        int mask = 0x80 >> (i % 8);
        if ((address[i / 8] & mask) != (other[i / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  private TrustedProxies(List<Network> networks) {
    this.networks = networks;
  }

  static TrustedProxies none() {
    return NONE;
  }

  /**
   * Reads a list of addresses and networks.
   *
   * @throws IllegalArgumentException if an entry is malformed
   */
  static TrustedProxies of(List<String> entries) {
    var networks = new ArrayList<Network>();
    for (String entry : entries) {
      int slash = entry.indexOf('/');
      InetAddress address = address(slash < 0 ? entry : entry.substring(0, slash));
      if (address == null) {
        throw wrong(entry);
      }
      byte[] bytes = address.getAddress();
      int most = bytes.length * 8;
      int bits = slash < 0 ? most : bits(entry, entry.substring(slash + 1), most);
      networks.add(new Network(bytes, bits));
    }
    return new TrustedProxies(List.copyOf(networks));
  }

  private static int bits(String entry, String digits, int most) {
    if (digits.matches("[0-9]{1,3}") && Integer.parseInt(digits) <= most) {
      return Integer.parseInt(digits);
    }
    throw wrong(entry);
  }

  private static IllegalArgumentException wrong(String entry) {
    return new IllegalArgumentException(
        "trusted proxy " + entry + ": must be an IP address or a network such as 10.0.0.0/8");
  }

  /** An address that is written as one; no name is looked up. */
  private static @Nullable InetAddress address(String text) {
    boolean literal = text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}") || text.indexOf(':') >= 0;
    if (!literal || !text.matches("[0-9a-fA-F.:]{2,45}")) {
      return null;
    }
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException malformed) {
      return null;
    }
  }

  boolean isEmpty() {
    return networks.isEmpty();
  }

  boolean trusts(InetAddress address) {
    for (Network network : networks) {
      if (network.contains(address.getAddress())) {
        return true;
      }
    }
    return false;
  }

  /**
   * Who called: the last address that is no trusted proxy's, read from the connection back along
   * what the proxies say.
   *
   * @param direct the other end of the connection
   * @param forwardedFor the values of X-Forwarded-For, in order
   */
  InetAddress caller(InetAddress direct, List<String> forwardedFor) {
    InetAddress caller = direct;
    String[] hops = String.join(",", forwardedFor).split(",", -1);
    for (int i = hops.length - 1; i >= 0 && hops.length - i <= MAX_HOPS && trusts(caller); i--) {
      InetAddress next = address(hops[i].strip());
      if (next == null) {
        return caller;
      }
      caller = next;
    }
    return caller;
  }
}

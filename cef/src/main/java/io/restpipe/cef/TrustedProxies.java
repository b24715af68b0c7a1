package io.restpipe.cef;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Addresses whose word about where a request came from is believed. */
final class TrustedProxies {

  private static final class Range {
    final byte[] address;
    final int bits;

    Range(byte[] address, int bits) {
      this.address = address;
      this.bits = bits;
    }

    boolean contains(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % Byte.SIZE);
        if (((address[bit / Byte.SIZE] ^ other[bit / Byte.SIZE]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }
  }

  private final List<Range> ranges = new ArrayList<>();

  /**
   * Adds an address or a range such as 10.0.0.0/8.
   *
   * @return false if it is none
   */
  boolean add(String text) {
    int slash = text.indexOf('/');
    Optional<InetAddress> address = address(slash < 0 ? text : text.substring(0, slash));
    if (address.isEmpty()) {
      return false;
    }
    byte[] bytes = address.get().getAddress();
    int all = bytes.length * Byte.SIZE;
    String bits = slash < 0 ? Integer.toString(all) : text.substring(slash + 1);
    if (!bits.matches("\\d{1,3}") || Integer.parseInt(bits) > all) {
      return false;
    }
    ranges.add(new Range(bytes, Integer.parseInt(bits)));
    return true;
  }

  private static Optional<InetAddress> address(String text) {
    return Values.isAddress(text)
        ? Optional.of((InetAddress) Values.read(CefType.ADDRESS, text))
        : Optional.empty();
  }

  /**
   * Where a request came from: the first address of X-Forwarded-For if a proxy that is trusted says
   * so, else the address that it was received from, if that is one.
   */
  Optional<InetAddress> source(@Nullable String remote, @Nullable String forwardedFor) {
    Optional<InetAddress> direct = remote == null ? Optional.empty() : address(remote);
    if (forwardedFor == null || direct.filter(this::isTrusted).isEmpty()) {
      return direct;
    }
    return address(forwardedFor.split(",", 2)[0].strip()).or(() -> direct);
  }

  private boolean isTrusted(InetAddress address) {
    return ranges.stream().anyMatch(range -> range.contains(address.getAddress()));
  }
}

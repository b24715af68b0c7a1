package io.restpipe.cef;

import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEvent.Field;
import io.restpipe.security.SecurityEventKind;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Who can make events of a kind come: a peer by the name in its certificate, a user who was let in,
 * or else the network of an address.
 *
 * @param known whether it has proved who it is
 * @param name null for nobody in particular
 */
record EventSource(SecurityEventKind kind, boolean known, @Nullable String name) {

  /** Who has one address of IPv6 has all of its network: so many bytes of it. */
  private static final int NETWORK_BYTES = 8;

  /** All sources of a kind that have proved who they are, or all that have not. */
  record Family(SecurityEventKind kind, boolean known) {}

  static EventSource of(SecurityEvent event) {
    SecurityEventKind kind = event.kind();
    String peer = event.fields().get(Field.PEER);
    if (peer != null) {
      return new EventSource(kind, true, peer);
    }
    if (kind.outcome().equals("success")) {
      return new EventSource(kind, true, event.fields().get(Field.USER));
    }
    return new EventSource(kind, false, event.address().map(EventSource::network).orElse(null));
  }

  private static String network(InetAddress address) {
    byte[] bytes = address.getAddress();
    int kept = address instanceof Inet6Address ? NETWORK_BYTES : bytes.length;
    return HexFormat.of().formatHex(Arrays.copyOf(bytes, kept));
  }

  boolean isSomebody() {
    return name != null;
  }

  Family family() {
    return new Family(kind, known);
  }
}

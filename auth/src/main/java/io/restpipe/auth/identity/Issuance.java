package io.restpipe.auth.identity;

import io.restpipe.security.NodeRole;
import io.restpipe.security.PeerName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.util.IPAddress;
import org.jspecify.annotations.Nullable;

/**
 * What one certificate shall say. Immutable: each method that names a value returns a copy.
 *
 * <p>A server is found by host names and addresses, and its clients check them. Where none is
 * given, a server gets {@code localhost}, {@code 127.0.0.1}, {@code ::1} and its own name if that
 * is a host name: enough to begin with on one machine.
 */
public final class Issuance {

  /**
   * 825 days: the longest that certificate policies of mainstream TLS clients have accepted, and
   * long enough where certificates are replaced by hand.
   */
  public static final Duration DEFAULT_LIFETIME = Duration.ofDays(825);

  /** A new certificate is valid since an hour ago: the other machine's clock may be behind. */
  static final Duration BACKDATED = Duration.ofHours(1);

  /** One that does not live long is backdated by a tenth: it must not look old when it is new. */
  private static final int BACKDATED_PART = 10;

  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)){4}");
  private static final Pattern IPV6_CHARACTERS = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
  private static final int MAX_NAMES = 100;

  private final String name;
  private final NodeRole role;
  private final List<String> dnsNames;
  private final List<String> addresses;
  private final Duration lifetime;
  private final @Nullable Instant notBefore;
  private final @Nullable Instant notAfter;

  private Issuance(
      String name,
      NodeRole role,
      List<String> dnsNames,
      List<String> addresses,
      Duration lifetime,
      @Nullable Instant notBefore,
      @Nullable Instant notAfter) {
    this.name = name;
    this.role = role;
    this.dnsNames = List.copyOf(dnsNames);
    this.addresses = List.copyOf(addresses);
    this.lifetime = lifetime;
    this.notBefore = notBefore;
    this.notAfter = notAfter;
  }

  /** A certificate for a server, valid for {@link #DEFAULT_LIFETIME} from now. */
  public static Issuance server(String name) {
    return of(name, NodeRole.SERVER);
  }

  /** A certificate for a client, valid for {@link #DEFAULT_LIFETIME} from now. */
  public static Issuance client(String name) {
    return of(name, NodeRole.CLIENT);
  }

  /**
   * A certificate for a node.
   *
   * @param name 1 to 63 letters, digits, dots, underscores and hyphens, a letter or digit first
   */
  public static Issuance of(String name, NodeRole role) {
    if (!PeerName.isIssuable(name)) {
      throw new IllegalArgumentException(
          "name of a node: must be 1 to 63 letters, digits, '.', '_' or '-', a letter or digit"
              + " first: \""
              + name
              + '"');
    }
    if (name.equals("ca") || name.equals(AuthorityFiles.ISSUER)) {
      throw new IllegalArgumentException(
          "name of a node: \"%s\" is the authority's own: its files have that name"
              .formatted(name));
    }
    return new Issuance(name, role, List.of(), List.of(), DEFAULT_LIFETIME, null, null);
  }

  /** Adds host names under which the node is dialed; {@code *.example.com} is one, too. */
  public Issuance dns(List<String> names) {
    for (String dns : names) {
      if (!PeerName.isHostName(dns.startsWith("*.") ? dns.substring(2) : dns)) {
        throw new IllegalArgumentException("not a DNS host name: \"" + dns + '"');
      }
    }
    return new Issuance(
        name, role, joined("DNS names", dnsNames, names), addresses, lifetime, notBefore, notAfter);
  }

  /** Adds host names under which the node is dialed. */
  public Issuance dns(String... names) {
    return dns(List.of(names));
  }

  /** Adds IPv4 and IPv6 addresses under which the node is dialed. */
  public Issuance ip(List<String> numbers) {
    for (String ip : numbers) {
      if (!isAddress(ip)) {
        throw new IllegalArgumentException("not an IPv4 or IPv6 address: \"" + ip + '"');
      }
    }
    return new Issuance(
        name,
        role,
        dnsNames,
        joined("addresses", addresses, numbers),
        lifetime,
        notBefore,
        notAfter);
  }

  /** Adds IPv4 and IPv6 addresses under which the node is dialed. */
  public Issuance ip(String... numbers) {
    return ip(List.of(numbers));
  }

  /**
   * How long from now the certificate is valid. It never outlives its authority: what is longer is
   * cut there.
   */
  public Issuance validFor(Duration newLifetime) {
    if (newLifetime.toSeconds() < 1) {
      throw new IllegalArgumentException("lifetime < 1 s: " + newLifetime);
    }
    return new Issuance(name, role, dnsNames, addresses, newLifetime, null, null);
  }

  /** Exactly when the certificate is valid, in place of a lifetime from now. */
  public Issuance valid(Instant newNotBefore, Instant newNotAfter) {
    if (!newNotBefore.isBefore(newNotAfter)) {
      throw new IllegalArgumentException(
          "not valid before " + newNotBefore + " and not after " + newNotAfter + ": never valid");
    }
    return new Issuance(name, role, dnsNames, addresses, lifetime, newNotBefore, newNotAfter);
  }

  /** The node's name. */
  public String name() {
    return name;
  }

  /** What the certificate is good for. */
  public NodeRole role() {
    return role;
  }

  /** The host names that the certificate will hold. */
  public List<String> dnsNames() {
    if (!isBare()) {
      return dnsNames;
    }
    boolean another = PeerName.isHostName(name) && !name.equals("localhost");
    return another ? List.of("localhost", name) : List.of("localhost");
  }

  /** The IP addresses that the certificate will hold. */
  public List<String> addresses() {
    return isBare() ? List.of("127.0.0.1", "::1") : addresses;
  }

  /** How long from now it is valid; nothing where its dates were given. */
  Optional<Duration> lifetime() {
    return notBefore == null ? Optional.of(lifetime) : Optional.empty();
  }

  Instant notBefore(Instant now) {
    if (notBefore != null) {
      return notBefore;
    }
    Duration part = lifetime.dividedBy(BACKDATED_PART);
    return now.minus(part.compareTo(BACKDATED) < 0 ? part : BACKDATED);
  }

  Instant notAfter(Instant now, Instant authorityEnds) {
    if (notAfter != null) {
      return notAfter;
    }
    Instant wanted = now.plus(lifetime);
    Instant longest = notBefore(now).plus(DEFAULT_LIFETIME);
    if (lifetime.compareTo(DEFAULT_LIFETIME) <= 0 && wanted.isAfter(longest)) {
      wanted = longest; // Dated back, it would be longer than some TLS clients accept.
    }
    return wanted.isBefore(authorityEnds) ? wanted : authorityEnds;
  }

  private boolean isBare() {
    return role == NodeRole.SERVER && dnsNames.isEmpty() && addresses.isEmpty();
  }

  private static boolean isAddress(String ip) {
    return IPV4.matcher(ip).matches()
        || (ip.contains(":") && IPV6_CHARACTERS.matcher(ip).matches() && IPAddress.isValidIPv6(ip));
  }

  private static List<String> joined(String what, List<String> first, List<String> second) {
    var all = new ArrayList<>(first);
    all.addAll(second);
    if (all.size() > MAX_NAMES) {
      throw new IllegalArgumentException(what + ": more than " + MAX_NAMES + ": " + all.size());
    }
    return all.stream().distinct().toList();
  }
}

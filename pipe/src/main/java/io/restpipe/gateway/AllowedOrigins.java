package io.restpipe.gateway;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The web sites whose pages may call (RFC 6454). Immutable. */
final class AllowedOrigins {

  private static final AllowedOrigins NONE = new AllowedOrigins(Set.of(), false);

  private final Set<String> origins;
  private final boolean any;

  private AllowedOrigins(Set<String> origins, boolean any) {
    this.origins = origins;
    this.any = any;
  }

  static AllowedOrigins none() {
    return NONE;
  }

  /**
   * Reads a list.
   *
   * @throws IllegalArgumentException if an entry is malformed
   */
  static AllowedOrigins of(List<String> entries) {
    var origins = new HashSet<String>();
    boolean any = false;
    for (String entry : entries) {
      if (entry.equals("*")) {
        any = true;
      } else {
        origins.add(checked(entry));
      }
    }
    return new AllowedOrigins(Set.copyOf(origins), any);
  }

  private static String checked(String entry) {
    try {
      var uri = new URI(entry);
      boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
      if (web && uri.getHost() != null && uri.getRawPath().isEmpty() && uri.getQuery() == null) {
        return entry.toLowerCase(Locale.ROOT);
      }
    } catch (URISyntaxException malformed) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "origin " + entry + ": must be https://HOST[:PORT] without a slash at the end, or *");
  }

  boolean isEmpty() {
    return origins.isEmpty() && !any;
  }

  /** Whether pages of that site may call, with cookies and all. */
  boolean trusts(String origin) {
    return origins.contains(origin.toLowerCase(Locale.ROOT));
  }

  /** Whether pages of that site may call, if only as nobody or with a token of their own. */
  boolean allows(String origin) {
    return any || trusts(origin);
  }
}

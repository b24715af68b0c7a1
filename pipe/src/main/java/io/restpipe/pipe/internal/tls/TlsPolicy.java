package io.restpipe.pipe.internal.tls;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a node allows beyond the rules of this version, for peers of version 1 (RestPipe 0.2.11).
 *
 * @param acceptLegacy whether an accepting node takes such peers
 * @param offer what a dialing node offers
 * @param legacyVersions the versions of TLS that connections of version 1 may have: some of {@link
 *     #LEGACY_VERSIONS}
 * @param checkServerName whether the certificate of a server must be for the host that was dialed,
 *     or for {@code serverName}; otherwise any of the authority's will do
 * @param serverName what the server is to be called in the host's place; null: the host
 */
public record TlsPolicy(
    boolean acceptLegacy,
    Offer offer,
    List<String> legacyVersions,
    boolean checkServerName,
    @Nullable String serverName) {

  /** Those that are known, the best first. */
  public static final List<String> LEGACY_VERSIONS = List.of("TLSv1.2", "TLSv1.1", "TLSv1");

  /** This version only, and servers by their names. */
  public static final TlsPolicy STRICT =
      new TlsPolicy(false, Offer.PIPE, List.of("TLSv1.2"), true, null);

  static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");

  /** With forward secrecy and authenticated encryption. */
  static final List<String> SUITES =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  /** Versions before 1.2 have no better ones, and the oldest libraries none but the last two. */
  private static final List<String> OLD_SUITES =
      List.of(
          "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
          "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
          "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
          "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
          "TLS_RSA_WITH_AES_128_CBC_SHA",
          "TLS_RSA_WITH_AES_256_CBC_SHA");

  /** Which protocols a dialing node offers. */
  public enum Offer {
    /** {@code restpipe/2} only. */
    PIPE,
    /** {@code restpipe/2}; version 1 where the server does not know that name, or any. */
    PIPE_OR_LEGACY,
    /** Version 1 only. */
    LEGACY
  }

  public TlsPolicy {
    legacyVersions = List.copyOf(legacyVersions);
    if (legacyVersions.isEmpty() || !Set.copyOf(LEGACY_VERSIONS).containsAll(legacyVersions)) {
      throw new IllegalArgumentException(
          "TLS versions for peers of version 1 must be some of "
              + String.join(", ", LEGACY_VERSIONS)
              + ": "
              + String.join(", ", legacyVersions));
    }
  }

  /** Whether versions are allowed that are no longer safe. */
  public boolean allowsOldTls() {
    return legacyVersions.stream().anyMatch(version -> !VERSIONS.contains(version));
  }

  /** Of connections of version 1. */
  List<String> legacySuites() {
    return allowsOldTls() ? with(SUITES, OLD_SUITES) : SUITES;
  }

  /** What a dialing node offers at once. */
  List<String> dialedVersions() {
    return switch (offer) {
      case PIPE -> VERSIONS;
      case PIPE_OR_LEGACY -> with(VERSIONS, legacyVersions);
      case LEGACY -> legacyVersions;
    };
  }

  List<String> dialedSuites() {
    return offer == Offer.PIPE ? SUITES : legacySuites();
  }

  private static List<String> with(List<String> some, List<String> more) {
    var all = new ArrayList<>(some);
    more.stream().filter(one -> !all.contains(one)).forEach(all::add);
    return all;
  }
}

package io.restpipe.security;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Knows which certificates are not valid any more, although their time is not over: from lists
 * ({@link RevocationLists}) or from an authority's own store. Asked at each handshake, on an event
 * loop: it must not block.
 */
@FunctionalInterface
public interface Revocations {

  /** Nothing was ever revoked. */
  Revocations NONE = chain -> Optional.empty();

  /**
   * The first certificate of a chain that was revoked.
   *
   * @param chain the certificate first, then those of its authorities, as the peer showed them
   */
  Optional<Revoked> find(List<X509Certificate> chain);

  /** What somebody should look after, such as a list that is out of date; a sentence each. */
  default List<String> warnings(Instant now) {
    return List.of();
  }

  /** What either of the two knows. */
  default Revocations and(Revocations other) {
    Revocations first = this;
    return new Revocations() {
      @Override
      public Optional<Revoked> find(List<X509Certificate> chain) {
        return first.find(chain).or(() -> other.find(chain));
      }

      @Override
      public List<String> warnings(Instant now) {
        var both = new ArrayList<>(first.warnings(now));
        both.addAll(other.warnings(now));
        return List.copyOf(both);
      }
    };
  }
}

package io.restpipe.auth.jwt;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A token that was good when it was verified. Immutable. */
public final class VerifiedJwt {

  private final Map<String, @Nullable Object> claims;
  private final Claims read;
  private final @Nullable String type;
  private final @Nullable String keyId;

  VerifiedJwt(
      Map<String, @Nullable Object> claims,
      Claims read,
      @Nullable String type,
      @Nullable String keyId) {
    this.claims = claims;
    this.read = read;
    this.type = type;
    this.keyId = keyId;
  }

  /** The registered claims (RFC 7519 section 4.1), of the types that they must have. */
  record Claims(
      @Nullable String issuer,
      @Nullable String subject,
      List<String> audience,
      @Nullable Instant expiresAt,
      @Nullable Instant notBefore,
      @Nullable Instant issuedAt,
      @Nullable String id) {}

  Claims registered() {
    return read;
  }

  /** {@code iss}: who says so. */
  public Optional<String> issuer() {
    return Optional.ofNullable(read.issuer());
  }

  /** {@code sub}: of whom it is said. */
  public Optional<String> subject() {
    return Optional.ofNullable(read.subject());
  }

  /** {@code aud}: to whom it is said; empty where it is said to all. */
  public List<String> audience() {
    return read.audience();
  }

  /** {@code exp}: until when it is valid. */
  public Optional<Instant> expiresAt() {
    return Optional.ofNullable(read.expiresAt());
  }

  /** {@code iat}: when it was made. */
  public Optional<Instant> issuedAt() {
    return Optional.ofNullable(read.issuedAt());
  }

  /** {@code jti}: by which it can be withdrawn. */
  public Optional<String> id() {
    return Optional.ofNullable(read.id());
  }

  /** {@code sid}: the session that it is of, by which all its tokens can be withdrawn. */
  @Nullable String session() {
    return claims.get("sid") instanceof String session ? session : null;
  }

  /** {@code typ} of its header, in lower case and without {@code application/}. */
  public Optional<String> type() {
    return Optional.ofNullable(type);
  }

  /** The {@code kid} of the key that verified it. */
  public Optional<String> keyId() {
    return Optional.ofNullable(keyId);
  }

  /** All claims: text, Long, BigInteger, Double, Boolean, lists, maps and null. */
  public Map<String, @Nullable Object> claims() {
    return claims;
  }

  /** A claim that is a text. */
  public Optional<String> text(String name) {
    return claims.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /** A claim of words: an array of texts, or a text with spaces between (as {@code scope} is). */
  public Set<String> words(String name) {
    Set<String> words = new LinkedHashSet<>();
    Object value = claims.get(name);
    if (value instanceof String text) {
      for (String word : text.split(" ", -1)) {
        if (!word.isEmpty()) {
          words.add(word);
        }
      }
    } else if (value instanceof List<?> items) {
      for (Object item : items) {
        if (item instanceof String word) {
          words.add(word);
        }
      }
    }
    return words;
  }

  /** Not the claims, for they may be of a person. */
  @Override
  public String toString() {
    return "token" + (read.id() == null ? "" : " " + read.id());
  }
}

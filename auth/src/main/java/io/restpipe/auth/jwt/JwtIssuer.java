package io.restpipe.auth.jwt;

import io.restpipe.auth.internal.JsonText;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Issues tokens: signs claims, and adds those that every token has. Any thread. */
public final class JwtIssuer {

  private static final Set<String> OWN = Set.of("iss", "aud", "iat", "nbf", "exp", "jti", "sub");
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 16;

  private final Supplier<SigningKey> keys;
  private final Duration lifetime;
  private final @Nullable String name;
  private final List<String> audience;
  private final String type;
  private final InstantSource clock;

  private JwtIssuer(Builder builder) {
    this.keys = builder.keys;
    this.lifetime = builder.lifetime;
    this.name = builder.name;
    this.audience = List.copyOf(builder.audience);
    this.type = builder.type;
    this.clock = builder.clock;
  }

  /** An issuer that signs with that key. */
  public static Builder signingWith(SigningKey key) {
    return new Builder(() -> key);
  }

  /** An issuer that signs with the key that is there then, asked for each token. */
  public static Builder signingWith(Supplier<SigningKey> keys) {
    return new Builder(keys);
  }

  /**
   * A signed token.
   *
   * @param token the token itself: whoever has it is believed
   * @param id its {@code jti}
   */
  public record Issued(String token, String id, Instant expiresAt) {

    /** Not the token. */
    @Override
    public String toString() {
      return "token " + id + " until " + expiresAt;
    }
  }

  /** A token for that subject that says nothing more of it. */
  public Issued issue(String subject) {
    return issue(subject, Map.of());
  }

  /**
   * A token for that subject.
   *
   * @param claims what more it says: texts, numbers, booleans, lists and maps of these
   * @throws IllegalArgumentException if one of the claims is one that the issuer itself makes
   */
  public Issued issue(String subject, Map<String, ?> claims) {
    Instant now = clock.instant();
    Instant expiresAt = Instant.ofEpochSecond(now.plus(lifetime).getEpochSecond());
    String id = randomId();
    var all = new LinkedHashMap<String, Object>();
    if (name != null) {
      all.put("iss", name);
    }
    all.put("sub", subject);
    if (!audience.isEmpty()) {
      all.put("aud", audience.size() == 1 ? audience.get(0) : audience);
    }
    all.put("iat", now.getEpochSecond());
    all.put("nbf", now.getEpochSecond());
    all.put("exp", expiresAt.getEpochSecond());
    all.put("jti", id);
    claims.forEach(
        (claim, value) -> {
          if (OWN.contains(claim)) {
            throw new IllegalArgumentException("the issuer itself says " + claim);
          }
          all.put(claim, value);
        });
    return new Issued(sign(JsonText.of(all)), id, expiresAt);
  }

  private String sign(String payload) {
    SigningKey key = keys.get();
    var header = new LinkedHashMap<String, Object>();
    header.put("alg", key.algorithm().token());
    header.put("typ", type);
    key.id().ifPresent(id -> header.put("kid", id));
    String signed = encode(JsonText.of(header)) + "." + encode(payload);
    try {
      return signed
          + "."
          + BASE64.encodeToString(key.sign(signed.getBytes(StandardCharsets.US_ASCII)));
    } catch (KeyException e) {
      throw new IllegalStateException("the key has signed before", e);
    }
  }

  private static String encode(String text) {
    return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String randomId() {
    byte[] id = new byte[ID_BYTES];
    RANDOM.nextBytes(id);
    return BASE64.encodeToString(id);
  }

  /** How long its tokens are valid. */
  public Duration lifetime() {
    return lifetime;
  }

  /** Says what its tokens are like. */
  public static final class Builder {

    private final Supplier<SigningKey> keys;
    private Duration lifetime = Duration.ofMinutes(10);
    private @Nullable String name;
    private List<String> audience = List.of();
    private String type = "JWT";
    private InstantSource clock = InstantSource.system();

    private Builder(Supplier<SigningKey> keys) {
      this.keys = keys;
    }

    /** {@code iss}; unless said, there is none. */
    public Builder name(String issuer) {
      this.name = issuer;
      return this;
    }

    /** {@code aud}; unless said, there is none. */
    public Builder audience(List<String> audience) {
      this.audience = audience;
      return this;
    }

    /**
     * How long tokens are valid; 10 minutes unless said.
     *
     * @throws IllegalArgumentException if it is less than a second
     */
    public Builder lifetime(Duration lifetime) {
      if (lifetime.compareTo(Duration.ofSeconds(1)) < 0) {
        throw new IllegalArgumentException("lifetime < 1 s: " + lifetime);
      }
      this.lifetime = lifetime;
      return this;
    }

    /** {@code typ}; {@code JWT} unless said, {@code at+jwt} for tokens by RFC 9068. */
    public Builder type(String type) {
      this.type = type;
      return this;
    }

    /** What time it is; the system's, unless said. */
    public Builder clock(InstantSource clock) {
      this.clock = clock;
      return this;
    }

    public JwtIssuer build() {
      return new JwtIssuer(this);
    }
  }
}

package io.restpipe.auth.jwt;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose tokens are believed, with which keys, and what they must say. Immutable; made by {@link
 * #of}.
 */
public final class TrustedIssuer {

  private final @Nullable String name;
  private final Set<String> audience;
  private final Set<String> types;
  private final boolean isTypeRequired;
  private final boolean isSubjectRequired;
  private final boolean isExpiryRequired;
  private final @Nullable Duration maxLifetime;
  private final VerificationKeys keys;
  private final JwsVerifier signatures;

  private TrustedIssuer(Builder builder) {
    this.name = builder.name;
    this.audience = Set.copyOf(builder.audience);
    this.types = Set.copyOf(builder.types);
    this.isTypeRequired = builder.isTypeRequired;
    this.isSubjectRequired = builder.isSubjectRequired;
    this.isExpiryRequired = builder.isExpiryRequired;
    this.maxLifetime = builder.maxLifetime;
    this.keys = builder.keys;
    this.signatures = new JwsVerifier(builder.keys, builder.maxLength);
  }

  /** Whoever has one of these keys. */
  public static Builder of(VerificationKeys keys) {
    return new Builder(keys);
  }

  /** What {@code iss} must be, exactly; empty where the keys alone decide. */
  public Optional<String> name() {
    return Optional.ofNullable(name);
  }

  @Nullable String nameOrNull() {
    return name;
  }

  Set<String> audience() {
    return audience;
  }

  boolean acceptsType(@Nullable String type) {
    return type == null ? !isTypeRequired : types.contains(type);
  }

  boolean isSubjectRequired() {
    return isSubjectRequired;
  }

  boolean isExpiryRequired() {
    return isExpiryRequired;
  }

  @Nullable Duration maxLifetime() {
    return maxLifetime;
  }

  VerificationKeys keys() {
    return keys;
  }

  JwsVerifier signatures() {
    return signatures;
  }

  /** Says what its tokens must be like. */
  public static final class Builder {

    private final VerificationKeys keys;
    private final Set<String> audience = new LinkedHashSet<>();
    private final Set<String> types = new LinkedHashSet<>(Set.of("jwt", "at+jwt"));
    private @Nullable String name;
    private boolean isTypeRequired;
    private boolean isSubjectRequired = true;
    private boolean isExpiryRequired = true;
    private @Nullable Duration maxLifetime;
    private int maxLength = JwsVerifier.DEFAULT_MAX_LENGTH;

    private Builder(VerificationKeys keys) {
      this.keys = Objects.requireNonNull(keys);
    }

    /** What {@code iss} must be. Unless said, any or none, as long as it is the only issuer. */
    public Builder name(String issuer) {
      this.name = issuer;
      return this;
    }

    /**
     * One that {@code aud} must hold; of several, one suffices. Unless said, it is not looked at.
     */
    public Builder audience(String audience) {
      this.audience.add(audience);
      return this;
    }

    /**
     * The types that {@code typ} may say, and that it must say one; default JWT, at+jwt or none.
     */
    public Builder requireType(String... types) {
      this.types.clear();
      for (String type : types) {
        this.types.add(JwsHead.mediaType(type.toLowerCase(Locale.ROOT)));
      }
      this.isTypeRequired = true;
      return this;
    }

    /** Whether {@code sub} must be there: yes, unless said. */
    public Builder requireSubject(boolean required) {
      this.isSubjectRequired = required;
      return this;
    }

    /** Whether {@code exp} must be there: yes, unless said. A token without it is good for ever. */
    public Builder requireExpiry(boolean required) {
      this.isExpiryRequired = required;
      return this;
    }

    /** The longest time from {@code iat} (or now) to {@code exp}; any, unless said. */
    public Builder maxLifetime(Duration lifetime) {
      this.maxLifetime = lifetime;
      return this;
    }

    /**
     * How long a token may be, in characters; {@value JwsVerifier#DEFAULT_MAX_LENGTH} unless said.
     */
    public Builder maxLength(int characters) {
      this.maxLength = characters;
      return this;
    }

    public TrustedIssuer build() {
      return new TrustedIssuer(this);
    }
  }
}

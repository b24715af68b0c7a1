package io.restpipe.auth.jwt;

import io.restpipe.auth.jwt.JwsVerifier.Opened;
import io.restpipe.auth.jwt.JwtException.Reason;
import io.restpipe.auth.jwt.VerifiedJwt.Claims;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a JSON Web Token is good, by RFC 8725: its issuer's keys and their algorithms decide, not
 * what the token says of itself; then type, issuer, audience, dates, subject, and whether it was
 * withdrawn. A token that was good is remembered by its hash: then only what changes with time is
 * looked at again. Any thread; may block where keys are fetched.
 */
public final class JwtVerifier {

  /** The most that clocks may differ. */
  public static final Duration MAX_LEEWAY = Duration.ofMinutes(5);

  private final List<TrustedIssuer> issuers;
  private final DenialList denials;
  private final InstantSource clock;
  private final Duration leeway;
  private final @Nullable VerifiedTokens verified;

  private JwtVerifier(Builder builder) {
    this.issuers = List.copyOf(builder.issuers);
    this.denials = builder.denials;
    this.clock = builder.clock;
    this.leeway = builder.leeway;
    this.verified = builder.cacheSize == 0 ? null : new VerifiedTokens(builder.cacheSize);
  }

  /** A verifier that trusts this issuer, and perhaps more. */
  public static Builder trusting(TrustedIssuer issuer) {
    return new Builder().trust(issuer);
  }

  /**
   * What a good token says.
   *
   * @throws JwtException if it is not good; the reason tells whether trying again can help
   */
  public VerifiedJwt verify(String token) throws JwtException {
    if (verified == null) {
      return verifyAnew(token).token();
    }
    var hash = VerifiedTokens.Hash.of(token);
    VerifiedTokens.Entry entry = verified.find(hash);
    if (entry != null && entry.generation() == entry.issuer().keys().generation()) {
      checkNow(entry.token());
      return entry.token();
    }
    VerifiedTokens.Entry fresh = verifyAnew(token);
    verified.put(hash, fresh);
    return fresh.token();
  }

  /** What is known of a token that was verified before, without waiting; empty if it must be. */
  public Optional<VerifiedJwt> known(String token) throws JwtException {
    if (verified == null) {
      return Optional.empty();
    }
    VerifiedTokens.Entry entry = verified.find(VerifiedTokens.Hash.of(token));
    if (entry == null || entry.generation() != entry.issuer().keys().generation()) {
      return Optional.empty();
    }
    checkNow(entry.token());
    return Optional.of(entry.token());
  }

  private VerifiedTokens.Entry verifyAnew(String token) throws JwtException {
    if (token.length() > JwsVerifier.DEFAULT_MAX_LENGTH * 8) {
      throw new JwtException(Reason.TOO_LARGE, "it is too long");
    }
    TrustedIssuer issuer = issuerOf(token);
    long generation = issuer.keys().generation();
    Opened opened = issuer.signatures().open(token);
    if (opened.head().isNested()) {
      throw new JwtException(Reason.UNSUPPORTED, "it holds another token");
    }
    if (!issuer.acceptsType(opened.head().type())) {
      throw new JwtException(Reason.TYPE_REFUSED, "its type is not one that is meant here");
    }
    Map<String, @Nullable Object> claims = ClaimsReader.parse(opened.payload());
    Claims read = ClaimsReader.read(claims);
    checkForGood(read, issuer);
    var jwt = new VerifiedJwt(claims, read, opened.head().type(), opened.keyId());
    checkNow(jwt);
    return new VerifiedTokens.Entry(jwt, issuer, generation);
  }

  /** With one issuer it is that one; of several, the one that the token names, still unverified. */
  private TrustedIssuer issuerOf(String token) throws JwtException {
    if (issuers.size() == 1) {
      return issuers.get(0);
    }
    Object named = ClaimsReader.parse(CompactJws.split(token).payload()).get("iss");
    for (TrustedIssuer issuer : issuers) {
      if (issuer.nameOrNull() != null && issuer.nameOrNull().equals(named)) {
        return issuer;
      }
    }
    throw new JwtException(Reason.ISSUER_REFUSED, "its issuer is not trusted");
  }

  /** What stays true once it is. */
  private void checkForGood(Claims claims, TrustedIssuer issuer) throws JwtException {
    if (issuer.nameOrNull() != null && !issuer.nameOrNull().equals(claims.issuer())) {
      throw new JwtException(Reason.ISSUER_REFUSED, "its issuer is not the one that is trusted");
    }
    Set<String> audience = issuer.audience();
    if (!audience.isEmpty() && Collections.disjoint(audience, new HashSet<>(claims.audience()))) {
      throw new JwtException(Reason.AUDIENCE_REFUSED, "it is meant for somebody else");
    }
    if (claims.expiresAt() == null && issuer.isExpiryRequired()) {
      throw new JwtException(Reason.CLAIM_INVALID, "it has no exp");
    }
    if (claims.subject() == null && issuer.isSubjectRequired()) {
      throw new JwtException(Reason.CLAIM_INVALID, "it has no sub");
    }
    Duration longest = issuer.maxLifetime();
    if (longest != null && claims.expiresAt() != null) {
      Instant from = claims.issuedAt() == null ? clock.instant() : claims.issuedAt();
      if (claims.expiresAt().isAfter(from.plus(longest).plus(leeway))) {
        throw new JwtException(Reason.CLAIM_INVALID, "it is valid for longer than " + longest);
      }
    }
  }

  /** What changes with time. */
  private void checkNow(VerifiedJwt token) throws JwtException {
    Claims claims = token.registered();
    Instant now = clock.instant();
    if (claims.expiresAt() != null && !now.isBefore(claims.expiresAt().plus(leeway))) {
      throw new JwtException(Reason.EXPIRED, "it has expired");
    }
    if (claims.notBefore() != null && now.plus(leeway).isBefore(claims.notBefore())) {
      throw new JwtException(Reason.NOT_YET_VALID, "it is not valid yet");
    }
    if (claims.issuedAt() != null && now.plus(leeway).isBefore(claims.issuedAt())) {
      throw new JwtException(Reason.NOT_YET_VALID, "it was made in the future");
    }
    if ((claims.id() != null && denials.isDenied(claims.id()))
        || (token.session() != null && denials.isDenied(token.session()))) {
      throw new JwtException(Reason.DENIED, "it was withdrawn");
    }
  }

  /** Says who is trusted, and how. */
  public static final class Builder {

    private final List<TrustedIssuer> issuers = new ArrayList<>();
    private DenialList denials = DenialList.NONE;
    private InstantSource clock = InstantSource.system();
    private Duration leeway = Duration.ofSeconds(30);
    private int cacheSize = 10_000;

    private Builder() {}

    /**
     * One more issuer. Of several, each must have a name.
     *
     * @throws IllegalArgumentException if two have the same name, or one has none
     */
    public Builder trust(TrustedIssuer issuer) {
      issuers.add(issuer);
      Set<String> names = new HashSet<>();
      for (TrustedIssuer each : issuers) {
        if (issuers.size() > 1 && (each.nameOrNull() == null || !names.add(each.nameOrNull()))) {
          throw new IllegalArgumentException(
              "of several issuers each must have a name of its own: " + each.name());
        }
      }
      return this;
    }

    /** Which tokens were withdrawn; none, unless said. */
    public Builder denials(DenialList list) {
      this.denials = list;
      return this;
    }

    /**
     * How much clocks may differ; 30 seconds unless said.
     *
     * @throws IllegalArgumentException if it is negative or more than {@link #MAX_LEEWAY}
     */
    public Builder leeway(Duration leeway) {
      if (leeway.isNegative() || leeway.compareTo(MAX_LEEWAY) > 0) {
        throw new IllegalArgumentException("leeway not 0 to 5 minutes: " + leeway);
      }
      this.leeway = leeway;
      return this;
    }

    /** How many good tokens are remembered; 10 000 unless said, 0 for none. */
    public Builder cacheSize(int tokens) {
      this.cacheSize = tokens;
      return this;
    }

    /** What time it is; the system's, unless said. */
    public Builder clock(InstantSource clock) {
      this.clock = clock;
      return this;
    }

    public JwtVerifier build() {
      return new JwtVerifier(this);
    }
  }
}

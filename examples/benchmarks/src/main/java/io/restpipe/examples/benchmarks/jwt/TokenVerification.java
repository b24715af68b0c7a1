package io.restpipe.examples.benchmarks.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import io.restpipe.auth.jwt.JwsAlgorithm;
import io.restpipe.auth.jwt.JwtException;
import io.restpipe.auth.jwt.JwtIssuer;
import io.restpipe.auth.jwt.JwtVerifier;
import io.restpipe.auth.jwt.KeySet;
import io.restpipe.auth.jwt.SigningKey;
import io.restpipe.auth.jwt.TrustedIssuer;
import io.restpipe.auth.jwt.VerifiedJwt;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** One thread, an access token of ES256 as the login service makes them: about 400 characters. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class TokenVerification {

  private final SigningKey key = SigningKey.generate(JwsAlgorithm.ES256);
  private final String token =
      JwtIssuer.signingWith(key)
          .name("https://login.example.org")
          .audience(List.of("api"))
          .lifetime(Duration.ofDays(30))
          .build()
          .issue(
              "ann@example.org", Map.of("roles", List.of("admin", "user"), "sid", "s".repeat(22)))
          .token();
  private final JwtVerifier uncached = verifier(0);
  private final JwtVerifier cached = verifier(1000);
  private final JWSVerifier nimbus = nimbusVerifier();
  private final DefaultJWTClaimsVerifier<SecurityContext> claims =
      new DefaultJWTClaimsVerifier<>(
          "api",
          new JWTClaimsSet.Builder().issuer("https://login.example.org").build(),
          Set.of("sub", "exp"));

  private JwtVerifier verifier(int cacheSize) {
    return JwtVerifier.trusting(
            TrustedIssuer.of(KeySet.of(key.verification()))
                .name("https://login.example.org")
                .audience("api")
                .build())
        .cacheSize(cacheSize)
        .build();
  }

  private JWSVerifier nimbusVerifier() {
    try {
      return new ECDSAVerifier(ECKey.parse(key.publicJwk().orElseThrow()));
    } catch (JOSEException | ParseException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The library by itself: it parses, verifies the signature, and checks the claims. */
  @Benchmark
  public JWTClaimsSet nimbusAlone() throws ParseException, JOSEException, BadJOSEException {
    SignedJWT jwt = SignedJWT.parse(token);
    if (!jwt.verify(nimbus)) {
      throw new IllegalStateException("not verified");
    }
    JWTClaimsSet set = jwt.getJWTClaimsSet();
    claims.verify(set, null);
    return set;
  }

  /** A token that is seen for the first time. */
  @Benchmark
  public VerifiedJwt first() throws JwtException {
    return uncached.verify(token);
  }

  /** A token that was good before. */
  @Benchmark
  public VerifiedJwt again() throws JwtException {
    return cached.verify(token);
  }

  /** Runs all of it. */
  public static void main(String[] args) throws RunnerException {
    new Runner(new OptionsBuilder().include(TokenVerification.class.getSimpleName()).build()).run();
  }
}

package io.restpipe.auth.login;

import io.restpipe.auth.jwt.JwtException;
import io.restpipe.auth.jwt.JwtException.Reason;
import io.restpipe.auth.jwt.JwtVerifier;
import io.restpipe.auth.jwt.VerifiedJwt;
import io.restpipe.event.Principal;
import io.restpipe.security.Authentication;
import io.restpipe.security.Authenticator;
import io.restpipe.security.Credentials;
import io.restpipe.security.SecurityEventKind;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Knows callers by a JSON Web Token: in {@code Authorization: Bearer} (RFC 6750), else in a cookie.
 * Its {@code sub} is the user's name, {@code roles} and {@code groups} are lists, {@code scope} is
 * words. A token that was verified before is answered at once, others on a few threads of its own.
 */
public final class TokenAuthenticator implements Authenticator, AutoCloseable {

  /** The cookie with the access token, unless another is said. */
  public static final String DEFAULT_COOKIE = "access_token";

  static final LoginOutcome KEYS_DOWN =
      new LoginOutcome.Unavailable("the keys can't be had", Duration.ofSeconds(5));

  private static final String OUT = "its user is disabled or gone, or has a new password";
  private static final String STORE_DOWN = "the user store can't be asked";

  private static final String BEARER = "bearer ";
  private static final int THREADS = 2;
  private static final int WAITING = 1000;

  private final JwtVerifier verifier;
  private final @Nullable String cookie;
  private final boolean bare;
  private final @Nullable LoginService service;
  private final ThreadPoolExecutor threads;

  private TokenAuthenticator(
      JwtVerifier verifier, @Nullable String cookie, boolean bare, @Nullable LoginService service) {
    this.verifier = verifier;
    this.service = service;
    this.cookie = cookie;
    this.bare = bare;
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            task -> {
              var thread = new Thread(task, "auth-token");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * By tokens that the verifier accepts.
   *
   * @param cookie the name of the cookie that may hold one; null for none
   */
  public static TokenAuthenticator of(JwtVerifier verifier, @Nullable String cookie) {
    return new TokenAuthenticator(verifier, cookie, false, null);
  }

  /** As {@link #of}, and the token may stand alone in Authorization, as sse-platform has it. */
  public static TokenAuthenticator acceptingBareTokens(
      JwtVerifier verifier, @Nullable String cookie) {
    return new TokenAuthenticator(verifier, cookie, true, null);
  }

  /**
   * The same, for the process in which users log in: it asks their store again, so that who is
   * disabled or removed there, or has a new password, is out within seconds and not only when the
   * token expires. Takes the place of this one, which is not to be used any more.
   */
  public TokenAuthenticator askingAgain(LoginService service) {
    close();
    return new TokenAuthenticator(verifier, cookie, bare, service);
  }

  String cookieName() {
    return cookie == null ? DEFAULT_COOKIE : cookie;
  }

  @Override
  public List<String> challenges() {
    return List.of("Bearer realm=\"restpipe\"");
  }

  @Override
  public CompletionStage<Authentication> authenticate(Credentials credentials) {
    Principal.Method method =
        bearer(credentials).isPresent() ? Principal.Method.BEARER : Principal.Method.COOKIE;
    return verified(credentials).thenApply(verified -> authentication(verified, method));
  }

  /**
   * What is known of a token.
   *
   * @param token null where there is none, or it is not valid
   * @param failure why not; null where there is none
   */
  record Verified(@Nullable VerifiedJwt token, @Nullable JwtException failure) {

    static final Verified ABSENT = new Verified(null, null);

    boolean isUnavailable() {
      return failure != null && failure.reason() == Reason.KEYS_UNAVAILABLE;
    }
  }

  CompletionStage<Verified> verified(Credentials credentials) {
    Optional<String> found =
        bearer(credentials)
            .or(() -> Optional.ofNullable(cookie).flatMap(credentials::cookie))
            .filter(token -> !token.isEmpty());
    if (found.isEmpty()) {
      return CompletableFuture.completedFuture(Verified.ABSENT);
    }
    String token = found.orElseThrow();
    try {
      Optional<VerifiedJwt> known = verifier.known(token);
      if (known.isPresent()) {
        return standing(new Verified(known.orElseThrow(), null));
      }
      return CompletableFuture.supplyAsync(() -> verify(token), threads)
          .thenCompose(this::standing);
    } catch (JwtException refused) {
      return CompletableFuture.completedFuture(new Verified(null, refused));
    } catch (RejectedExecutionException busy) {
      return CompletableFuture.completedFuture(
          new Verified(null, new JwtException(Reason.KEYS_UNAVAILABLE, "too many tokens at once")));
    }
  }

  private Verified verify(String token) {
    try {
      return new Verified(verifier.verify(token), null);
    } catch (JwtException refused) {
      return new Verified(null, refused);
    }
  }

  private CompletionStage<Verified> standing(Verified verified) {
    if (service == null || verified.token() == null) {
      return CompletableFuture.completedFuture(verified);
    }
    return service
        .standing(verified.token())
        .thenApply(
            verdict ->
                switch (verdict) {
                  case IN -> verified;
                  case OUT -> new Verified(null, new JwtException(Reason.DENIED, OUT));
                  case UNKNOWN ->
                      new Verified(null, new JwtException(Reason.KEYS_UNAVAILABLE, STORE_DOWN));
                });
  }

  private Optional<String> bearer(Credentials credentials) {
    Optional<String> header = credentials.authorization();
    if (header.isEmpty()) {
      return Optional.empty();
    }
    String value = header.orElseThrow();
    if (value.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      return Optional.of(value.substring(BEARER.length()).strip());
    }
    return bare && value.indexOf(' ') < 0 ? header : Optional.empty();
  }

  private static Authentication authentication(Verified verified, Principal.Method method) {
    JwtException failure = verified.failure();
    if (failure != null) {
      return verified.isUnavailable()
          ? new Authentication.Unavailable(
              String.valueOf(failure.getMessage()), Duration.ofSeconds(5))
          : new Authentication.Refused(
              "token refused: " + failure.getMessage(),
              "Bearer error=\"invalid_token\"",
              failure.reason() == Reason.SIGNATURE_INVALID
                  ? SecurityEventKind.SIGNATURE_REFUSED
                  : SecurityEventKind.LOGIN_FAILED);
    }
    VerifiedJwt token = verified.token();
    return token == null ? Authentication.ABSENT : principal(token, method);
  }

  private static Authentication principal(VerifiedJwt token, Principal.Method method) {
    try {
      return new Authentication.Accepted(
          Principal.user(token.subject().orElse(""))
              .method(method)
              .roles(token.words("roles"))
              .groups(token.words("groups"))
              .scopes(token.words("scope"))
              .build());
    } catch (IllegalArgumentException outOfBounds) {
      return new Authentication.Refused(
          "token says more than is carried on", "Bearer error=\"invalid_token\"");
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}

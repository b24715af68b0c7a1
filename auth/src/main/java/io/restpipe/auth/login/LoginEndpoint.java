package io.restpipe.auth.login;

import io.restpipe.auth.jwt.VerifiedJwt;
import io.restpipe.auth.login.LoginRequest.BadRequestException;
import io.restpipe.auth.login.LoginService.Result;
import io.restpipe.auth.login.LoginService.Result.Tokens;
import io.restpipe.event.Body;
import io.restpipe.event.Headers;
import io.restpipe.security.HttpEndpoint;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP face of logging in, below one path:
 *
 * <pre>
 * POST /auth/login      name and password -> access token and refresh token, or cookies
 * POST /auth/refresh    refresh token -> the next pair
 * POST /auth/logout     withdraws both
 * GET  /auth/me         who the token is of
 * GET  /auth/jwks.json  the keys that verify tokens
 * </pre>
 */
public final class LoginEndpoint implements HttpEndpoint {

  private static final String BEARER = "Bearer realm=\"restpipe\"";
  private static final String BASIC = "Basic realm=\"restpipe\", charset=\"UTF-8\"";

  private final LoginService service;
  private final TokenAuthenticator tokens;
  private final Supplier<Map<String, Object>> jwks;
  private final String path;
  private final LoginAnswers answers;

  /**
   * Mounted at a path.
   *
   * @param path such as {@code /auth}
   * @param tokens which verifies the service's own tokens
   * @param jwks the keys that are published
   */
  public LoginEndpoint(
      String path,
      LoginService service,
      TokenAuthenticator tokens,
      Supplier<Map<String, Object>> jwks) {
    this.path = path;
    this.service = service;
    this.tokens = tokens;
    this.jwks = jwks;
    this.answers = new LoginAnswers(tokens.cookieName(), path);
  }

  @Override
  public CompletionStage<Answer> answer(Request request) {
    String rest = request.path().startsWith(path) ? request.path().substring(path.length()) : "";
    return switch (rest) {
      case "/login" -> allow(request, "POST", this::login);
      case "/refresh" -> allow(request, "POST", this::refresh);
      case "/logout" -> allow(request, "POST", this::logout);
      case "/me" -> allow(request, "GET", this::me);
      case "/jwks.json" -> allow(request, "GET", this::keys);
      default ->
          done(
              LoginAnswers.problem(
                  404,
                  "Not Found",
                  "there are login, refresh, logout, me and jwks.json below " + path));
    };
  }

  /** What answers one path. */
  @FunctionalInterface
  private interface Action {
    CompletionStage<Answer> answer(Request request) throws BadRequestException;
  }

  private static CompletionStage<Answer> allow(Request request, String method, Action action) {
    boolean isHead = method.equals("GET") && request.method().equals("HEAD");
    if (!request.method().equals(method) && !isHead) {
      String allowed = method.equals("GET") ? "GET, HEAD" : method;
      return done(
          LoginAnswers.problem(
              405, "Method Not Allowed", "use " + method, Headers.of("Allow", allowed)));
    }
    try {
      return action.answer(request);
    } catch (BadRequestException wrong) {
      return done(bad(wrong));
    }
  }

  static Answer bad(BadRequestException wrong) {
    return LoginAnswers.problem(
        wrong.status(),
        wrong.status() == 415 ? "Unsupported Media Type" : "Bad Request",
        String.valueOf(wrong.getMessage()));
  }

  static CompletionStage<Answer> done(Answer answer) {
    return CompletableFuture.completedFuture(answer);
  }

  static PasswordLogin.Attempt attempt(Request request, LoginRequest login)
      throws BadRequestException {
    return new PasswordLogin.Attempt(
        login.login().orElseThrow(() -> new BadRequestException(400, "username is missing")),
        login.password().orElseThrow(() -> new BadRequestException(400, "password is missing")),
        address(request),
        request.headers().first("User-Agent").orElse(null));
  }

  static @Nullable InetAddress address(Request request) {
    return request.credentials().address().orElse(null);
  }

  private CompletionStage<Answer> login(Request request) throws BadRequestException {
    LoginRequest login = LoginRequest.of(request, false);
    boolean cookie = login.isSet("cookie");
    return service
        .login(attempt(request, login), cookie)
        .thenApply(
            result ->
                result instanceof Tokens given
                    ? tokens(request, given)
                    : not(result, login.isBasic() ? BASIC : BEARER));
  }

  private Answer tokens(Request request, Tokens given) {
    return given.cookie() ? answers.cookies(given, needsSecure(request)) : answers.tokens(given);
  }

  /** A browser keeps a Secure cookie from plain HTTP, but for its own machine. */
  static boolean needsSecure(Request request) {
    return request
        .credentials()
        .address()
        .map(address -> !address.isLoopbackAddress())
        .orElse(false);
  }

  private static Answer not(Result result, String challenge) {
    LoginOutcome why = ((Result.Not) result).why();
    return why instanceof LoginOutcome.Refused
        ? LoginAnswers.refused(challenge)
        : LoginAnswers.notNow(why);
  }

  private CompletionStage<Answer> refresh(Request request) throws BadRequestException {
    LoginRequest body = LoginRequest.of(request, false);
    Optional<String> token =
        body.field("refresh_token")
            .or(() -> request.credentials().cookie(LoginAnswers.REFRESH_COOKIE));
    if (token.isEmpty()) {
      throw new BadRequestException(400, "refresh_token is missing");
    }
    return service
        .refresh(token.orElseThrow(), address(request))
        .thenApply(
            result -> {
              if (result instanceof Tokens given) {
                return tokens(request, given);
              }
              LoginOutcome why = ((Result.Not) result).why();
              return why instanceof LoginOutcome.Refused
                  ? LoginAnswers.problem(
                      401,
                      "Unauthorized",
                      "the refresh token is not valid any more; log in again",
                      answers.expired().with("WWW-Authenticate", BEARER))
                  : LoginAnswers.notNow(why);
            });
  }

  private CompletionStage<Answer> logout(Request request) throws BadRequestException {
    Optional<String> refreshToken =
        LoginRequest.of(request, false)
            .field("refresh_token")
            .or(() -> request.credentials().cookie(LoginAnswers.REFRESH_COOKIE));
    return tokens
        .verified(request.credentials())
        .thenCompose(
            verified -> {
              VerifiedJwt token = verified.token();
              if (token == null && refreshToken.isEmpty()) {
                return done(unknown(request, verified));
              }
              return service
                  .logout(token, refreshToken.orElse(null))
                  .thenApply(
                      result ->
                          ((Result.Not) result).why() instanceof LoginOutcome.Refused
                              ? new Answer(204, answers.expired(), Body.empty())
                              : LoginAnswers.notNow(((Result.Not) result).why()));
            });
  }

  private Answer unknown(Request request, TokenAuthenticator.Verified verified) {
    service.unknownCaller(verified.failure(), address(request));
    if (verified.isUnavailable()) {
      return LoginAnswers.notNow(TokenAuthenticator.KEYS_DOWN);
    }
    return LoginAnswers.problem(
        401,
        "Unauthorized",
        "there is no token that is valid",
        Headers.of("WWW-Authenticate", BEARER));
  }

  private CompletionStage<Answer> me(Request request) {
    return tokens
        .verified(request.credentials())
        .thenApply(
            verified -> {
              if (verified.token() == null) {
                return unknown(request, verified);
              }
              return LoginAnswers.json(200, describe(Objects.requireNonNull(verified.token())));
            });
  }

  private static Map<String, Object> describe(VerifiedJwt token) {
    var body = new LinkedHashMap<String, Object>();
    body.put("name", token.subject().orElse(""));
    token.text("email").ifPresent(email -> body.put("email", email));
    body.put("roles", List.copyOf(token.words("roles")));
    List<String> scopes = new ArrayList<>(token.words("scope"));
    if (!scopes.isEmpty()) {
      body.put("scopes", scopes);
    }
    token.expiresAt().ifPresent(at -> body.put("expires_at", at.toString()));
    return body;
  }

  private CompletionStage<Answer> keys(Request request) {
    return done(
        LoginAnswers.json(200, jwks.get(), Headers.of("Cache-Control", "public, max-age=300")));
  }
}

package io.restpipe.auth.login;

import io.restpipe.auth.internal.JsonText;
import io.restpipe.auth.login.LoginService.Result.Tokens;
import io.restpipe.auth.password.User;
import io.restpipe.event.Body;
import io.restpipe.event.Headers;
import io.restpipe.security.Credentials;
import io.restpipe.security.HttpEndpoint.Answer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Answers of the login service. None of them may be kept by a cache. */
final class LoginAnswers {

  static final String REFRESH_COOKIE = "refresh_token";

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int CSRF_BYTES = 32;

  private final String accessCookie;
  private final String path;

  /**
   * Answers with these cookies.
   *
   * @param accessCookie the cookie with the access token
   * @param path where the cookie with the refresh token is sent to
   */
  LoginAnswers(String accessCookie, String path) {
    this.accessCookie = accessCookie;
    this.path = path;
  }

  static Answer json(int status, Map<String, ?> body) {
    return json(status, body, noStore());
  }

  static Answer json(int status, Map<String, ?> body, Headers headers) {
    return new Answer(
        status,
        headers.with("Content-Type", "application/json"),
        Body.of(JsonText.of(body) + "\n"));
  }

  static Headers noStore() {
    return Headers.of("Cache-Control", "no-store");
  }

  /** RFC 9457. */
  static Answer problem(int status, String title, String detail, Headers headers) {
    var body = new LinkedHashMap<String, Object>();
    body.put("type", "about:blank");
    body.put("title", title);
    body.put("status", status);
    body.put("detail", detail);
    return new Answer(
        status,
        headers.with("Content-Type", "application/problem+json").with("Cache-Control", "no-store"),
        Body.of(JsonText.of(body) + "\n"));
  }

  static Answer problem(int status, String title, String detail) {
    return problem(status, title, detail, Headers.empty());
  }

  /** The same for an unknown user, a wrong password, and one who is kept out. */
  static Answer refused(String challenge) {
    return problem(
        401,
        "Unauthorized",
        "the name or the password is wrong",
        Headers.of("WWW-Authenticate", challenge));
  }

  /** 429 where it is the caller's doing, else 503. */
  static Answer notNow(LoginOutcome outcome) {
    Duration wait = LoginService.retryAfter(outcome).orElse(Duration.ofSeconds(1));
    Headers headers = Headers.of("Retry-After", String.valueOf(seconds(wait)));
    return outcome instanceof LoginOutcome.Limited
        ? problem(429, "Too Many Requests", "too many attempts; try again later", headers)
        : problem(503, "Service Unavailable", "logins can't be checked now", headers);
  }

  static long seconds(Duration wait) {
    return Math.max(1, wait.plusMillis(999).toSeconds());
  }

  /** Tokens in the body, for programs. */
  Answer tokens(Tokens tokens) {
    var body = new LinkedHashMap<String, Object>();
    body.put("access_token", tokens.accessToken());
    body.put("token_type", "Bearer");
    body.put("expires_in", tokens.expiresIn().toSeconds());
    body.put("refresh_token", tokens.refreshToken());
    body.put("refresh_expires_in", tokens.refreshExpiresIn().toSeconds());
    body.put("user", user(tokens.user()));
    return json(200, body);
  }

  /** Tokens in cookies that scripts can't read, for pages; and what these must show with them. */
  Answer cookies(Tokens tokens, boolean secure) {
    String csrf = randomCsrf();
    var body = new LinkedHashMap<String, Object>();
    body.put("expires_in", tokens.expiresIn().toSeconds());
    body.put("csrf_token", csrf);
    body.put("user", user(tokens.user()));
    return json(200, body, cookieHeaders(tokens, csrf, secure));
  }

  Headers cookieHeaders(Tokens tokens, String csrf, boolean secure) {
    long access = tokens.expiresIn().toSeconds();
    long refresh = tokens.refreshExpiresIn().toSeconds();
    return noStore()
        .with("Set-Cookie", cookie(accessCookie, tokens.accessToken(), "/", access, true, secure))
        .with(
            "Set-Cookie",
            cookie(REFRESH_COOKIE, tokens.refreshToken(), path, refresh, true, secure))
        .with("Set-Cookie", cookie(Credentials.CSRF_COOKIE, csrf, "/", refresh, false, secure));
  }

  static String randomCsrf() {
    byte[] random = new byte[CSRF_BYTES];
    RANDOM.nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  private static String cookie(
      String name, String value, String path, long seconds, boolean hidden, boolean secure) {
    return name
        + "="
        + value
        + "; Path="
        + path
        + "; Max-Age="
        + seconds
        + "; SameSite=Strict"
        + (hidden ? "; HttpOnly" : "")
        + (secure ? "; Secure" : "");
  }

  /** Takes all cookies back. */
  Headers expired() {
    return noStore()
        .with("Set-Cookie", cookie(accessCookie, "", "/", 0, true, false))
        .with("Set-Cookie", cookie(REFRESH_COOKIE, "", path, 0, true, false))
        .with("Set-Cookie", cookie(Credentials.CSRF_COOKIE, "", "/", 0, false, false));
  }

  static Map<String, @Nullable Object> user(User user) {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("name", user.name());
    user.mail().ifPresent(email -> json.put("email", email));
    json.put("roles", new TreeSet<>(user.roles()));
    return json;
  }
}

package io.restpipe.auth.login;

import io.restpipe.auth.login.LoginRequest.BadRequestException;
import io.restpipe.auth.login.LoginService.Result;
import io.restpipe.auth.login.LoginService.Result.Tokens;
import io.restpipe.auth.password.StoreException;
import io.restpipe.auth.password.User;
import io.restpipe.auth.password.UserDirectory;
import io.restpipe.auth.password.UserException;
import io.restpipe.config.Secret;
import io.restpipe.event.Headers;
import io.restpipe.security.HttpEndpoint;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /register}, {@code /login} and {@code /logout} as sse-platform has them, with its answers:
 * fields in the query or in the body, a token in the answer and in the cookie. Other than there, an
 * unknown user is answered like a wrong password.
 */
public final class SsePlatformEndpoint implements HttpEndpoint {

  /** The paths that it answers. */
  public static final List<String> PATHS = List.of("/register", "/login", "/logout");

  private static final Logger LOG = LoggerFactory.getLogger(SsePlatformEndpoint.class);
  private static final String USER_ROLE = "user";
  private static final int LEAST_PASSWORD = 8;

  private final LoginService service;
  private final PasswordLogin passwords;
  private final TokenAuthenticator tokens;
  private final @Nullable UserDirectory users;
  private final LoginAnswers answers;

  /**
   * On that service.
   *
   * @param users where those who register are added; null where nobody may
   */
  public SsePlatformEndpoint(
      LoginService service,
      PasswordLogin passwords,
      TokenAuthenticator tokens,
      @Nullable UserDirectory users) {
    this.service = service;
    this.passwords = passwords;
    this.tokens = tokens;
    this.users = users;
    this.answers = new LoginAnswers(tokens.cookieName(), "/");
  }

  @Override
  public CompletionStage<Answer> answer(Request request) {
    if (!request.method().equals("POST")) {
      return LoginEndpoint.done(
          LoginAnswers.problem(405, "Method Not Allowed", "use POST", Headers.of("Allow", "POST")));
    }
    try {
      return switch (request.path()) {
        case "/register" -> register(request);
        case "/login" -> login(request);
        case "/logout" -> logout(request);
        default -> LoginEndpoint.done(LoginAnswers.problem(404, "Not Found", "no such path"));
      };
    } catch (BadRequestException wrong) {
      return LoginEndpoint.done(LoginEndpoint.bad(wrong));
    }
  }

  private CompletionStage<Answer> login(Request request) throws BadRequestException {
    LoginRequest login = LoginRequest.of(request, true);
    return service
        .login(LoginEndpoint.attempt(request, login), false)
        .thenApply(result -> answer(request, result));
  }

  private Answer answer(Request request, Result result) {
    if (result instanceof Tokens given) {
      var body = status(200);
      body.put("success", true);
      body.put("access_token", given.accessToken());
      return LoginAnswers.json(
          200,
          body,
          answers.cookieHeaders(
              given, LoginAnswers.randomCsrf(), LoginEndpoint.needsSecure(request)));
    }
    LoginOutcome why = ((Result.Not) result).why();
    if (!(why instanceof LoginOutcome.Refused)) {
      return LoginAnswers.notNow(why);
    }
    var body = status(401);
    body.put("success", false);
    body.put("reason", "password_validation_failed");
    body.put("redirect_suggestions", List.of("/login", "/register"));
    return LoginAnswers.json(
        401, body, LoginAnswers.noStore().with("WWW-Authenticate", "Bearer realm=\"restpipe\""));
  }

  private static Map<String, Object> status(int status) {
    var body = new LinkedHashMap<String, Object>();
    body.put("status", status);
    return body;
  }

  private CompletionStage<Answer> logout(Request request) {
    String refresh = request.credentials().cookie(LoginAnswers.REFRESH_COOKIE).orElse(null);
    return tokens
        .verified(request.credentials())
        .thenCompose(verified -> service.logout(verified.token(), refresh))
        .thenApply(
            result -> {
              LoginOutcome why = ((Result.Not) result).why();
              if (!(why instanceof LoginOutcome.Refused)) {
                return LoginAnswers.notNow(why);
              }
              var body = status(200);
              body.put("success", true);
              body.put("redirect_suggestions", List.of("/login"));
              return LoginAnswers.json(200, body, answers.expired());
            });
  }

  private CompletionStage<Answer> register(Request request) throws BadRequestException {
    if (users == null) {
      return LoginEndpoint.done(LoginAnswers.problem(403, "Forbidden", "nobody can register here"));
    }
    LoginRequest form = LoginRequest.of(request, true);
    String name = form.field("nickname").orElseThrow(() -> missing("nickname"));
    String email = form.field("email").orElseThrow(() -> missing("email"));
    Secret password = form.password().orElseThrow(() -> missing("password"));
    check(name, email, password);
    Optional<Duration> wait = passwords.registration(LoginEndpoint.address(request));
    if (wait.isPresent()) {
      return LoginEndpoint.done(LoginAnswers.notNow(new LoginOutcome.Limited(wait.orElseThrow())));
    }
    try {
      ThreadPoolExecutor threads = passwords.threadsForBlocking();
      return CompletableFuture.supplyAsync(() -> add(users, name, email, password), threads)
          .thenCompose(added -> added.begun(request));
    } catch (RejectedExecutionException busy) {
      return LoginEndpoint.done(
          LoginAnswers.notNow(
              new LoginOutcome.Unavailable("too many logins at once", Duration.ofSeconds(1))));
    }
  }

  private static BadRequestException missing(String field) {
    return new BadRequestException(400, field + " is missing");
  }

  private static void check(String name, String email, Secret password) throws BadRequestException {
    try {
      User.checkName(name);
      User.checkEmail(email);
    } catch (IllegalArgumentException wrong) {
      throw new BadRequestException(400, String.valueOf(wrong.getMessage()));
    }
    if (name.indexOf('@') >= 0) {
      throw new BadRequestException(400, "a nickname has no @ in it");
    }
    int length = password.reveal().length();
    if (length < LEAST_PASSWORD || length > 256) {
      throw new BadRequestException(400, "a password has 8 to 256 characters");
    }
  }

  /** What came of adding a user. */
  private interface Added {
    CompletionStage<Answer> begun(Request request);
  }

  private Added add(UserDirectory directory, String name, String email, Secret password) {
    try {
      User user = directory.add(name, email, password, Set.of(USER_ROLE));
      return request ->
          service
              .begin(user, LoginEndpoint.address(request), false)
              .thenApply(result -> answer(request, result));
    } catch (UserException exists) {
      var body = status(409);
      body.put("reason", "username_already_exists");
      body.put("redirect_suggestions", List.of("/login"));
      return request -> LoginEndpoint.done(LoginAnswers.json(409, body));
    } catch (StoreException | RuntimeException e) {
      LOG.error("nobody can register now: {}", e.getMessage(), e);
      return request ->
          LoginEndpoint.done(
              LoginAnswers.notNow(
                  new LoginOutcome.Unavailable("the store is down", Duration.ofSeconds(5))));
    }
  }
}

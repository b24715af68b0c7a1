package io.restpipe.auth.login;

import io.restpipe.auth.jwt.DenialList;
import io.restpipe.auth.jwt.JwtException;
import io.restpipe.auth.jwt.JwtIssuer;
import io.restpipe.auth.jwt.VerifiedJwt;
import io.restpipe.auth.login.LoginOutcome.Accepted;
import io.restpipe.auth.login.LoginOutcome.Limited;
import io.restpipe.auth.login.LoginOutcome.Refused;
import io.restpipe.auth.login.LoginOutcome.Unavailable;
import io.restpipe.auth.login.Sessions.Finding;
import io.restpipe.auth.login.Sessions.Opened;
import io.restpipe.auth.password.StoreException;
import io.restpipe.auth.password.User;
import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEvent.Field;
import io.restpipe.security.SecurityEventKind;
import io.restpipe.security.SecurityLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs users in and out: a password becomes an access token, which any verifier believes for some
 * minutes, and a refresh token, which is good once for the next pair. Any thread; stages never
 * fail.
 */
public final class LoginService implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LoginService.class);
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final PasswordLogin passwords;
  private final JwtIssuer issuer;
  private final InstantSource clock;
  private final DenialList denials;
  private final Sessions sessions;
  private final SecurityLog events;

  private LoginService(
      PasswordLogin passwords,
      JwtIssuer issuer,
      InstantSource clock,
      DenialList denials,
      Sessions sessions) {
    this.passwords = passwords;
    this.issuer = issuer;
    this.clock = clock;
    this.denials = denials;
    this.sessions = sessions;
    this.events = passwords.events();
  }

  /**
   * How long sessions last, and where they are kept.
   *
   * @param file null for memory only: a restart logs everybody out
   * @param lifetime after the last refresh
   * @param longest however often it is refreshed
   */
  public record SessionRules(@Nullable Path file, Duration lifetime, Duration longest) {}

  /**
   * Opens it.
   *
   * @throws IOException if the file of sessions can't be read or written
   */
  public static LoginService open(
      PasswordLogin passwords,
      JwtIssuer issuer,
      DenialList denials,
      SessionRules rules,
      InstantSource clock)
      throws IOException {
    return new LoginService(
        passwords,
        issuer,
        clock,
        denials,
        Sessions.open(rules.file(), clock, rules.lifetime(), rules.longest()));
  }

  /** What a login gives. */
  sealed interface Result {

    /** Tokens. */
    record Tokens(
        User user,
        String accessToken,
        Instant expiresAt,
        Duration expiresIn,
        String refreshToken,
        Duration refreshExpiresIn,
        boolean cookie)
        implements Result {

      /** Not the tokens. */
      @Override
      public String toString() {
        return "tokens of " + user.name();
      }
    }

    /** Something else. */
    record Not(LoginOutcome why) implements Result {}
  }

  /** With a password. */
  CompletionStage<Result> login(PasswordLogin.Attempt attempt, boolean cookie) {
    return passwords
        .check(attempt)
        .thenComposeAsync(
            outcome ->
                outcome instanceof Accepted accepted
                    ? blocking(() -> begin(accepted, attempt, cookie))
                    : CompletableFuture.completedFuture(new Result.Not(outcome)),
            Runnable::run);
  }

  private Result begin(Accepted accepted, PasswordLogin.Attempt attempt, boolean cookie)
      throws IOException {
    User user = accepted.user();
    Opened opened = sessions.open(user, accepted.passwordStamp(), cookie);
    events.log(
        event(SecurityEventKind.LOGIN_SUCCEEDED, user.name(), attempt.address())
            .with(Field.USER_AGENT, attempt.userAgent())
            .build());
    return tokens(opened);
  }

  /** For a user who has just registered: there is nothing to check. */
  CompletionStage<Result> begin(User user, @Nullable InetAddress address, boolean cookie) {
    return blocking(
        () -> {
          Opened opened = sessions.open(user, passwords.standing().stamp(user), cookie);
          events.log(event(SecurityEventKind.LOGIN_SUCCEEDED, user.name(), address).build());
          return tokens(opened);
        });
  }

  private Result tokens(Opened opened) {
    User user = opened.session().user();
    var claims = new LinkedHashMap<String, Object>();
    claims.put("sid", opened.session().id());
    claims.put("roles", List.copyOf(user.roles()));
    user.mail().ifPresent(email -> claims.put("email", email));
    JwtIssuer.Issued issued = issuer.issue(user.name(), claims);
    return new Result.Tokens(
        user,
        issued.token(),
        issued.expiresAt(),
        issuer.lifetime(),
        opened.refreshToken(),
        sessions.lifetime(),
        opened.session().cookie());
  }

  /** With a refresh token. */
  CompletionStage<Result> refresh(String refreshToken, @Nullable InetAddress address) {
    return blocking(
        () -> {
          Finding finding = sessions.find(refreshToken);
          if (finding instanceof Finding.Reused reused) {
            end(reused.session());
            return reused(reused.session(), address);
          }
          if (!(finding instanceof Finding.Current current)) {
            refused("refresh token is not valid", null, address);
            return new Result.Not(new Refused());
          }
          // Asked before anything changes: while the store is down, the token stays good.
          Session session = current.session();
          Optional<User> user = passwords.standing().now(session.user(), session.passwordStamp());
          if (user.isEmpty()) {
            end(session);
            refused(
                "user is disabled or gone, or has a new password", session.user().name(), address);
            return new Result.Not(new Refused());
          }
          Optional<Opened> next = sessions.rotate(refreshToken, user.orElseThrow());
          return next.isEmpty() ? reused(session, address) : tokens(next.orElseThrow());
        });
  }

  private Result reused(Session session, @Nullable InetAddress address) {
    LOG.warn("a used refresh token of {} was shown: it has ended", session);
    refused("refresh token was used before; its session has ended", session.user().name(), address);
    return new Result.Not(new Refused());
  }

  /** Tells the security log of one who asks for what is of a user, and is none. */
  void unknownCaller(@Nullable JwtException failure, @Nullable InetAddress address) {
    if (failure == null) {
      events.log(
          event(SecurityEventKind.ACCESS_DENIED, null, address).reason("unauthorized").build());
    } else {
      SecurityEventKind kind =
          failure.reason() == JwtException.Reason.SIGNATURE_INVALID
              ? SecurityEventKind.SIGNATURE_REFUSED
              : SecurityEventKind.TOKEN_REFUSED;
      events.log(
          event(kind, null, address).reason("token refused: " + failure.getMessage()).build());
    }
  }

  private void refused(String reason, @Nullable String user, @Nullable InetAddress address) {
    events.log(event(SecurityEventKind.TOKEN_REFUSED, user, address).reason(reason).build());
  }

  private static SecurityEvent.Builder event(
      SecurityEventKind kind, @Nullable String user, @Nullable InetAddress address) {
    return SecurityEvent.builder(kind)
        .user(user)
        .from(address == null ? null : new InetSocketAddress(address, 0));
  }

  /**
   * Ends a session: its access token is withdrawn, and its refresh token is good no more.
   *
   * @param token null where only the refresh token is there
   */
  CompletionStage<Result> logout(@Nullable VerifiedJwt token, @Nullable String refreshToken) {
    return blocking(
        () -> {
          Optional<String> session = token == null ? Optional.empty() : token.text("sid");
          if (session.isPresent()) {
            end(session.orElseThrow());
          } else if (token != null && token.id().isPresent() && token.expiresAt().isPresent()) {
            denials.deny(token.id().orElseThrow(), token.expiresAt().orElseThrow());
          }
          if (refreshToken != null && sessions.find(refreshToken) instanceof Finding.Current now) {
            end(now.session());
          }
          return new Result.Not(new Refused());
        });
  }

  private void end(Session session) throws IOException {
    end(session.id());
  }

  /** Withdraws all its access tokens, too: they name it as their {@code sid}. */
  private void end(String session) throws IOException {
    denials.deny(session, clock.instant().plus(issuer.lifetime()));
    sessions.end(session);
  }

  /**
   * Whether the user of a good token is still let in, if it is a token of a session here; others
   * are not ours to judge. A session whose user is not, ends.
   */
  CompletionStage<UserStanding.Verdict> standing(VerifiedJwt token) {
    Optional<Session> session = token.text("sid").flatMap(sessions::session);
    if (session.isEmpty()) {
      return CompletableFuture.completedFuture(UserStanding.Verdict.IN);
    }
    Session now = session.orElseThrow();
    CompletionStage<UserStanding.Verdict> found =
        passwords.standing().of(now.user(), now.passwordStamp());
    found.thenAccept(
        verdict -> {
          if (verdict == UserStanding.Verdict.OUT) {
            blocking(() -> outOfDate(now));
          }
        });
    return found;
  }

  private Result outOfDate(Session session) throws IOException {
    if (sessions.session(session.id()).isPresent()) {
      end(session);
      refused("user is disabled or gone, or has a new password", session.user().name(), null);
    }
    return new Result.Not(new Refused());
  }

  /** What may wait for a disk or a store. */
  @FunctionalInterface
  private interface Work {
    Result run() throws IOException, StoreException;
  }

  private CompletionStage<Result> blocking(Work work) {
    try {
      return CompletableFuture.supplyAsync(() -> run(work), passwords.threadsForBlocking());
    } catch (RejectedExecutionException busy) {
      return CompletableFuture.completedFuture(
          new Result.Not(new Unavailable("too many logins at once", Duration.ofSeconds(1))));
    }
  }

  private static Result run(Work work) {
    try {
      return work.run();
    } catch (StoreException e) {
      LOG.error("a session can't be continued now: {}", e.getMessage(), e);
      return new Result.Not(new Unavailable("the user store can't be asked", RETRY));
    } catch (IOException | RuntimeException e) {
      LOG.error("a session can't be kept: {}", e.getMessage(), e);
      return new Result.Not(new Unavailable("sessions can't be kept", RETRY));
    }
  }

  /** Why not, as it is told. */
  static Optional<Duration> retryAfter(LoginOutcome outcome) {
    if (outcome instanceof Limited limited) {
      return Optional.of(limited.retryAfter());
    }
    return outcome instanceof Unavailable unavailable
        ? Optional.of(unavailable.retryAfter())
        : Optional.empty();
  }

  @Override
  public void close() {
    try {
      passwords.close();
      sessions.close();
    } catch (IOException e) {
      LOG.warn("the file of sessions can't be closed: {}", e.getMessage());
    }
  }
}

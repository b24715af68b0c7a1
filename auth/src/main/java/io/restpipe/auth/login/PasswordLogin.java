package io.restpipe.auth.login;

import io.restpipe.auth.login.LoginOutcome.Accepted;
import io.restpipe.auth.login.LoginOutcome.Limited;
import io.restpipe.auth.login.LoginOutcome.Refused;
import io.restpipe.auth.login.LoginOutcome.Unavailable;
import io.restpipe.auth.login.LoginThrottle.Admission;
import io.restpipe.auth.password.StoreException;
import io.restpipe.auth.password.User;
import io.restpipe.auth.password.UserStore;
import io.restpipe.auth.password.UserStore.Account;
import io.restpipe.config.Secret;
import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEvent.Field;
import io.restpipe.security.SecurityEventKind;
import io.restpipe.security.SecurityLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks names and passwords. Hashing is bounded in threads, and so in memory; who waits for a
 * thread is bounded, too. A failure is answered at one of few moments after it was asked, whether
 * the user is known or not. Any thread may ask, an event loop too; stages complete elsewhere.
 */
public final class PasswordLogin implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PasswordLogin.class);
  private static final int MAX_LOGIN = 254;
  private static final int MAX_PASSWORD_BYTES = 1024;

  /** When to come back if a store is down. */
  private static final Duration STORE_RETRY = Duration.ofSeconds(5);

  private final UserStore users;
  private final SecurityLog events;
  private final InstantSource clock;
  private final LoginThrottle throttle;
  private final FailureTime failureTime;
  private final UserStanding standing;
  private final ThreadPoolExecutor hashing;

  private PasswordLogin(Builder builder, LoginThrottle throttle) {
    this.users = builder.users;
    this.events = builder.events;
    this.clock = builder.clock;
    this.throttle = throttle;
    this.failureTime = new FailureTime(builder.failureTime, System.nanoTime());
    this.standing = new UserStanding(users, clock);
    this.hashing =
        new ThreadPoolExecutor(
            builder.threads,
            builder.threads,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(builder.waiting),
            threads());
    hashing.allowCoreThreadTimeOut(true);
  }

  private static ThreadFactory threads() {
    var number = new AtomicInteger();
    return task -> {
      var thread = new Thread(task, "auth-login-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Checks against that store. */
  public static Builder with(UserStore users) {
    return new Builder(users);
  }

  /**
   * Who wants to log in, and from where; for the security log.
   *
   * @param address null where it is not known
   * @param userAgent what the request says of itself; null where it says nothing
   */
  public record Attempt(
      String login, Secret password, @Nullable InetAddress address, @Nullable String userAgent) {

    /** Not the password. */
    @Override
    public String toString() {
      return "login of " + login;
    }
  }

  /** Whether it is the user and the password. The stage never fails. */
  public CompletionStage<LoginOutcome> check(Attempt attempt) {
    if (!isPossible(attempt)) {
      log(SecurityEventKind.LOGIN_FAILED, attempt, "no name or password", null);
      long now = System.nanoTime();
      return later(new Refused(), now, now);
    }
    Instant now = clock.instant();
    Admission admission = throttle.admit(attempt.login(), attempt.address(), now);
    if (!admission.isAdmitted()) {
      String why = admission.isUserLocked() ? "user is locked" : "too many failed logins";
      log(SecurityEventKind.LOGIN_FAILED, attempt, why, null);
      return CompletableFuture.completedFuture(new Limited(admission.retryAfter().orElseThrow()));
    }
    long asked = System.nanoTime();
    var outcome = new CompletableFuture<LoginOutcome>();
    try {
      hashing.execute(() -> run(attempt, asked, outcome));
    } catch (RejectedExecutionException busy) {
      throttle.undecided(attempt.login(), attempt.address(), now);
      log(SecurityEventKind.LIMIT_HIT, attempt, "too many logins at once", "logins waiting");
      outcome.complete(new Unavailable("too many logins at once", Duration.ofSeconds(1)));
    }
    return outcome;
  }

  /**
   * Whether one more account may be made from an address now; if not, when. As many may as a user
   * may fail, and each counts as a failure of the address.
   */
  Optional<Duration> registration(@Nullable InetAddress address) {
    String key = "\u0000register " + (address == null ? "" : address.getHostAddress());
    Optional<Duration> wait = throttle.admit(key, address, clock.instant()).retryAfter();
    wait.ifPresent(
        later ->
            events.log(
                SecurityEvent.builder(SecurityEventKind.LIMIT_HIT)
                    .with(Field.LIMIT, "accounts made from one address")
                    .from(address == null ? null : new InetSocketAddress(address, 0))
                    .build()));
    return wait;
  }

  private static boolean isPossible(Attempt attempt) {
    String login = attempt.login();
    String password = attempt.password().reveal();
    return !login.isEmpty()
        && login.length() <= MAX_LOGIN
        && login.codePoints().noneMatch(Character::isISOControl)
        && !password.isEmpty()
        && password.length() <= MAX_PASSWORD_BYTES
        && password.getBytes(StandardCharsets.UTF_8).length <= MAX_PASSWORD_BYTES;
  }

  private void run(Attempt attempt, long asked, CompletableFuture<LoginOutcome> outcome) {
    long begun = System.nanoTime();
    LoginOutcome result;
    try {
      result = decide(attempt);
    } catch (StoreException | RuntimeException | Error e) {
      LOG.error("no login can be checked now: {}", e.getMessage(), e);
      throttle.undecided(attempt.login(), attempt.address(), clock.instant());
      log(SecurityEventKind.LOGIN_FAILED, attempt, "user store unavailable", null);
      result = new Unavailable("the user store can't be asked", STORE_RETRY);
    }
    if (result instanceof Refused) {
      later(result, asked, begun).thenAccept(outcome::complete);
    } else {
      outcome.complete(result);
    }
  }

  private LoginOutcome decide(Attempt attempt) throws StoreException {
    Optional<Account> account = users.find(attempt.login());
    if (account.isEmpty()) {
      users.checkNobody(attempt.password());
      return refuse(attempt, "unknown user");
    }
    Optional<User> user = account.orElseThrow().check(attempt.password());
    if (user.isEmpty()) {
      return refuse(attempt, "wrong password");
    }
    if (user.orElseThrow().disabled()) {
      return refuse(attempt, "user is disabled");
    }
    throttle.succeeded(attempt.login(), attempt.address(), clock.instant());
    String stamp = account.orElseThrow().passwordStamp();
    standing.seen(user.orElseThrow(), stamp);
    return new Accepted(user.orElseThrow(), stamp);
  }

  private Refused refuse(Attempt attempt, String why) {
    log(SecurityEventKind.LOGIN_FAILED, attempt, why, null);
    throttle
        .failed(attempt.login(), attempt.address(), clock.instant())
        .ifPresent(
            lock -> {
              LOG.warn("user {} is locked for {} s", printable(attempt.login()), lock.toSeconds());
              log(
                  SecurityEventKind.ACCOUNT_LOCKED,
                  attempt,
                  "too many failed logins",
                  "locked for " + lock.toSeconds() + " s");
            });
    return new Refused();
  }

  private static String printable(String text) {
    return text.replaceAll("[^ -~]", "?");
  }

  /** When all other failures are answered, too. */
  private CompletionStage<LoginOutcome> later(LoginOutcome outcome, long asked, long begun) {
    long wait = failureTime.wait(asked, begun, System.nanoTime());
    return wait == 0
        ? CompletableFuture.completedFuture(outcome)
        : CompletableFuture.supplyAsync(
            () -> outcome, CompletableFuture.delayedExecutor(wait, TimeUnit.NANOSECONDS));
  }

  private void log(SecurityEventKind kind, Attempt attempt, String reason, @Nullable String limit) {
    events.log(
        SecurityEvent.builder(kind)
            .user(attempt.login())
            .reason(reason)
            .with(Field.LIMIT, limit)
            .with(Field.USER_AGENT, attempt.userAgent())
            .from(attempt.address() == null ? null : new InetSocketAddress(attempt.address(), 0))
            .build());
  }

  /** Whether those who have logged in are still let in. */
  UserStanding standing() {
    return standing;
  }

  /** Where what blocks runs; bounded. */
  ThreadPoolExecutor threadsForBlocking() {
    return hashing;
  }

  SecurityLog events() {
    return events;
  }

  @Override
  public void close() {
    hashing.shutdownNow();
    standing.close();
    try {
      throttle.close();
    } catch (IOException e) {
      LOG.warn("the file of lock-outs can't be closed: {}", e.getMessage());
    }
  }

  /** Says what holds. */
  public static final class Builder {

    private final UserStore users;
    private SecurityLog events = SecurityLog.NONE;
    private InstantSource clock = InstantSource.system();
    private int userFailures = 5;
    private Duration lockout = Duration.ofMinutes(1);
    private int addressFailures = 100;
    private Duration window = Duration.ofMinutes(15);
    private Duration failureTime = Duration.ofMillis(250);
    private int threads = Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors()));
    private int waiting = 64;

    private Builder(UserStore users) {
      this.users = users;
    }

    /** Where failures are told; nowhere, unless said. */
    public Builder events(SecurityLog log) {
      this.events = log;
      return this;
    }

    /** After how many failures in a row a user is locked, and how long the first time: 5, 1 min. */
    public Builder lockout(int failures, Duration first) {
      this.userFailures = failures;
      this.lockout = first;
      return this;
    }

    /** How many failures an address may have within how long: 100 in 15 minutes. */
    public Builder addressLimit(int failures, Duration window) {
      this.addressFailures = failures;
      this.window = window;
      return this;
    }

    /** After how long, or a multiple of that, a failure is answered: 250 ms; zero, at once. */
    public Builder failureTime(Duration time) {
      this.failureTime = time;
      return this;
    }

    /**
     * How many hashes are computed at once, and how many logins wait: as many as cores up to 4, 64.
     */
    public Builder threads(int threads, int waiting) {
      this.threads = threads;
      this.waiting = waiting;
      return this;
    }

    /** What time it is; the system's, unless said. */
    public Builder clock(InstantSource clock) {
      this.clock = clock;
      return this;
    }

    /** Lock-outs are forgotten when the process ends. */
    public PasswordLogin build() {
      return new PasswordLogin(this, new LoginThrottle(limits()));
    }

    /**
     * Lock-outs are kept in that file, of which one process at a time makes use.
     *
     * @throws IOException if it can't be read or written
     */
    public PasswordLogin build(Path lockouts) throws IOException {
      return new PasswordLogin(this, new LoginThrottle(limits(), lockouts));
    }

    private LoginThrottle.Limits limits() {
      return new LoginThrottle.Limits(userFailures, lockout, addressFailures, window);
    }
  }
}

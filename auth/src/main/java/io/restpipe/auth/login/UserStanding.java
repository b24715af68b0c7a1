package io.restpipe.auth.login;

import io.restpipe.auth.password.StoreException;
import io.restpipe.auth.password.User;
import io.restpipe.auth.password.UserStore;
import io.restpipe.auth.password.UserStore.Account;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether those who have logged in are still let in: there, not kept out, and with the password of
 * then. The store is asked again when its last word is two seconds old; while it is down, its last
 * word holds. Bounded: the longest unasked is forgotten first. Any thread.
 */
final class UserStanding implements AutoCloseable {

  /** How long the store's word counts without asking again. */
  static final Duration FRESH = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(UserStanding.class);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int MOST = 20_000;
  private static final int THREADS = 2;
  private static final int WAITING = 1000;

  private final UserStore users;
  private final InstantSource clock;
  private final ThreadPoolExecutor threads;
  private final Map<Key, Known> known = bounded();
  private final Map<Key, CompletableFuture<Verdict>> asking = new HashMap<>();
  private boolean isDown;

  /** What the store says. */
  enum Verdict {
    IN,
    OUT,
    /** It is down, and has said nothing before. */
    UNKNOWN
  }

  private record Key(String name, String id, String passwordStamp) {}

  private record Known(Verdict verdict, Instant until) {}

  UserStanding(UserStore users, InstantSource clock) {
    this.users = users;
    this.clock = clock;
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            task -> {
              var thread = new Thread(task, "auth-standing");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  private static Map<Key, Known> bounded() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<Key, Known> eldest) {
        return size() > MOST;
      }
    };
  }

  /**
   * What is the case now; waits for the store for two seconds at most.
   *
   * @param user as it was when it logged in
   */
  CompletionStage<Verdict> of(User user, String passwordStamp) {
    var key = new Key(user.name(), user.id(), passwordStamp);
    CompletableFuture<Verdict> asked;
    Verdict last;
    synchronized (this) {
      Known now = known.get(key);
      last = now == null ? Verdict.UNKNOWN : now.verdict();
      if (now != null && clock.instant().isBefore(now.until())) {
        return CompletableFuture.completedFuture(last);
      }
      asked = asking.get(key);
      if (asked == null) {
        asked = ask(user, key, last);
      }
    }
    return asked.isDone()
        ? asked
        : asked.copy().completeOnTimeout(last, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private CompletableFuture<Verdict> ask(User user, Key key, Verdict last) {
    var asked = new CompletableFuture<Verdict>();
    try {
      threads.execute(() -> asked.complete(find(user, key, last)));
      asking.put(key, asked);
    } catch (RejectedExecutionException busy) {
      asked.complete(last);
    }
    return asked;
  }

  private Verdict find(User user, Key key, Verdict last) {
    try {
      boolean isIn = now(user, key.passwordStamp()).isPresent();
      Verdict verdict = isIn ? Verdict.IN : Verdict.OUT;
      settle(key, verdict, FRESH, null);
      return verdict;
    } catch (StoreException | RuntimeException down) {
      settle(key, last, RETRY, down);
      return last;
    }
  }

  private synchronized void settle(
      Key key, Verdict verdict, Duration fresh, @Nullable Exception down) {
    asking.remove(key);
    known.put(key, new Known(verdict, clock.instant().plus(fresh)));
    if (down != null && !isDown) {
      LOG.error("whether users are still let in can't be asked now: {}", down.getMessage(), down);
    } else if (down == null && isDown) {
      LOG.info("whether users are still let in can be asked again");
    }
    isDown = down != null;
  }

  /** Who has just logged in need not be asked for. */
  synchronized void seen(User user, String passwordStamp) {
    var key = new Key(user.name(), user.id(), passwordStamp);
    known.put(key, new Known(Verdict.IN, clock.instant().plus(FRESH)));
  }

  /**
   * What the store says of a user who logged in before; empty if it is there no more, kept out, or
   * has another password. Blocks: for threads of the caller's own.
   *
   * @param before what is known; given back where the store tells only those who log in
   */
  Optional<User> now(User before, String passwordStamp) throws StoreException {
    Optional<Account> found = users.find(before.name());
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Account account = found.orElseThrow();
    User now = account.user().orElse(before);
    String stamp = account.passwordStamp();
    boolean changed = !stamp.isEmpty() && !passwordStamp.isEmpty() && !stamp.equals(passwordStamp);
    return now.disabled() || changed || !now.id().equals(before.id())
        ? Optional.empty()
        : Optional.of(now);
  }

  /** The stamp of a user's password now; empty where nobody can tell. Blocks. */
  String stamp(User user) throws StoreException {
    return users.find(user.name()).map(Account::passwordStamp).orElse("");
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}

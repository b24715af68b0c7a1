package io.restpipe.auth.login;

import io.restpipe.auth.login.LockoutFile.Line;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Counts the failed logins of each user and from each address, and says when it is enough. An
 * attempt counts as a failure until it has succeeded, so that a hundred at once are no better than
 * one after the other. What it remembers is bounded: the longest untouched goes first. Names count
 * as directories compare them, without regard to case and spaces. Who is locked may be kept in a
 * file. Thread-safe.
 */
final class LoginThrottle implements AutoCloseable {

  private static final int MOST_REMEMBERED = 20_000;
  private static final int MOST_DOUBLINGS = 6;
  private static final int NETWORK_BYTES = 8;

  private final Limits limits;
  private final Map<String, Failures> users = bounded();
  private final Map<String, Failures> addresses = bounded();
  private final @Nullable LockoutFile file;

  /**
   * When it is enough.
   *
   * @param userFailures of one user in a row, before it is locked
   * @param lockout how long the first time; twice as long each time after that, up to 64 times
   * @param addressFailures from one address within the window
   * @param window after how long without a failure all is forgotten
   */
  record Limits(int userFailures, Duration lockout, int addressFailures, Duration window) {}

  private static final class Failures {
    private int count;
    private int lockouts;
    private Instant last = Instant.EPOCH;
    private Instant until = Instant.EPOCH;
  }

  /** One that forgets with the process. */
  LoginThrottle(Limits limits) {
    this.limits = limits;
    this.file = null;
  }

  /**
   * One that knows who is locked from a file, and writes it there.
   *
   * @throws IOException if that can't be read or written
   */
  LoginThrottle(Limits limits, Path path) throws IOException {
    this.limits = limits;
    this.file = LockoutFile.open(path, this::replay);
  }

  private void replay(Line line) {
    if (line instanceof Line.User user) {
      Failures failures = users.computeIfAbsent(user.key(), absent -> new Failures());
      failures.until = user.until();
      failures.lockouts = user.lockouts();
      failures.last = user.last();
    } else if (line instanceof Line.Address address) {
      Failures failures = addresses.computeIfAbsent(address.key(), absent -> new Failures());
      failures.count = address.count();
      failures.last = address.last();
    } else if (line instanceof Line.Forgotten forgotten) {
      users.remove(forgotten.key());
    }
  }

  /** Not under the lock: event loops wait for that, and must not wait for the disk. */
  private void write(@Nullable Line line, Instant now) {
    if (file != null && line != null) {
      file.append(line, lines(now).size(), () -> lines(now));
    }
  }

  /** All that a restart should know. */
  private synchronized List<Line> lines(Instant now) {
    List<Line> lines = new ArrayList<>();
    users.forEach(
        (key, user) -> {
          if (user.lockouts > 0 && !isOver(user, now)) {
            lines.add(new Line.User(key, user.until, user.lockouts, user.last));
          }
        });
    addresses.forEach(
        (key, address) -> {
          if (address.count >= limits.addressFailures() && !isOver(address, now)) {
            lines.add(new Line.Address(key, address.count, address.last));
          }
        });
    return lines;
  }

  private static Map<String, Failures> bounded() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
        return size() > MOST_REMEMBERED;
      }
    };
  }

  /** What an attempt may do. */
  record Admission(Optional<Duration> retryAfter, boolean isUserLocked) {
    boolean isAdmitted() {
      return retryAfter.isEmpty();
    }
  }

  /** Whether somebody may try; if so, it counts as a failure until {@link #succeeded}. */
  synchronized Admission admit(String user, @Nullable InetAddress address, Instant now) {
    Failures ofUser = of(users, key(user), now);
    if (now.isBefore(ofUser.until)) {
      return new Admission(Optional.of(Duration.between(now, ofUser.until)), true);
    }
    Failures ofAddress = address == null ? null : of(addresses, key(address), now);
    if (ofAddress != null && ofAddress.count >= limits.addressFailures()) {
      Duration wait = Duration.between(now, ofAddress.last.plus(limits.window()));
      return new Admission(Optional.of(wait), false);
    }
    if (ofUser.count >= limits.userFailures()) {
      // As many are on their way as may fail: the next one waits for what comes of them.
      return new Admission(Optional.of(Duration.ofSeconds(1)), false);
    }
    ofUser.count++;
    ofUser.last = now;
    if (ofAddress != null) {
      ofAddress.count++;
      ofAddress.last = now;
    }
    return new Admission(Optional.empty(), false);
  }

  private Failures of(Map<String, Failures> map, String key, Instant now) {
    Failures failures = map.computeIfAbsent(key, absent -> new Failures());
    if (isOver(failures, now)) {
      failures.count = 0;
      failures.lockouts = 0;
    }
    return failures;
  }

  private boolean isOver(Failures failures, Instant now) {
    return Duration.between(failures.last, now).compareTo(limits.window()) >= 0
        && !now.isBefore(failures.until);
  }

  private static String key(String user) {
    String plain = Normalizer.normalize(user, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    return hash(plain.strip().replaceAll("\\s+", " "));
  }

  private static String hash(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // each JDK has it
    }
  }

  /** One address; of IPv6 the network of one customer (RFC 6177). */
  private static String key(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (!(address instanceof Inet6Address)) {
      return hash(address.getHostAddress());
    }
    var key = new StringBuilder();
    for (int i = 0; i < NETWORK_BYTES; i++) {
      key.append(String.format("%02x", bytes[i]));
    }
    return hash(key.append("/64").toString());
  }

  /**
   * The attempt failed for good; how long the user is locked for it, if it is from now on. May wait
   * for the disk.
   */
  Optional<Duration> failed(String user, @Nullable InetAddress address, Instant now) {
    String key = key(user);
    Optional<Duration> lock;
    Line ofUser = null;
    Line ofAddress;
    synchronized (this) {
      lock = lock(key, now);
      if (lock.isPresent()) {
        Failures failures = of(users, key, now);
        ofUser = new Line.User(key, failures.until, failures.lockouts, failures.last);
      }
      ofAddress = address == null ? null : full(key(address), now);
    }
    write(ofUser, now);
    write(ofAddress, now);
    return lock;
  }

  private @Nullable Line full(String address, Instant now) {
    Failures failures = of(addresses, address, now);
    return failures.count == limits.addressFailures()
        ? new Line.Address(address, failures.count, failures.last)
        : null;
  }

  private Optional<Duration> lock(String key, Instant now) {
    Failures ofUser = of(users, key, now);
    ofUser.last = now;
    if (ofUser.count < limits.userFailures() || now.isBefore(ofUser.until)) {
      return Optional.empty();
    }
    Duration lock = limits.lockout().multipliedBy(1L << Math.min(ofUser.lockouts, MOST_DOUBLINGS));
    ofUser.until = now.plus(lock);
    ofUser.lockouts++;
    ofUser.count = 0;
    return Optional.of(lock);
  }

  /**
   * The attempt was right: the user starts anew, the address has one failure less. May wait for the
   * disk.
   */
  void succeeded(String user, @Nullable InetAddress address, Instant now) {
    String key = key(user);
    Failures before;
    synchronized (this) {
      before = users.remove(key);
      takeBack(address, now);
    }
    write(before == null || before.lockouts == 0 ? null : new Line.Forgotten(key), now);
  }

  /** Nothing came of the attempt: it counts for nothing. */
  synchronized void undecided(String user, @Nullable InetAddress address, Instant now) {
    Failures ofUser = of(users, key(user), now);
    ofUser.count = Math.max(0, ofUser.count - 1);
    takeBack(address, now);
  }

  private void takeBack(@Nullable InetAddress address, Instant now) {
    if (address != null) {
      Failures ofAddress = of(addresses, key(address), now);
      ofAddress.count = Math.max(0, ofAddress.count - 1);
    }
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }

  synchronized int remembered() {
    return users.size() + addresses.size();
  }
}

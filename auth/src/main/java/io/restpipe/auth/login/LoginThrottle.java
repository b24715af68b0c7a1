package io.restpipe.auth.login;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Counts the failed logins of each user and from each address, and says when it is enough. An
 * attempt counts as a failure until it has succeeded, so that a hundred at once are no better than
 * one after the other. What it remembers is bounded: the longest untouched goes first. Thread-safe.
 */
final class LoginThrottle {

  private static final int MOST_REMEMBERED = 20_000;
  private static final int MOST_DOUBLINGS = 6;
  private static final int NETWORK_BYTES = 8;

  private final Limits limits;
  private final Map<String, Failures> users = bounded();
  private final Map<String, Failures> addresses = bounded();

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

  LoginThrottle(Limits limits) {
    this.limits = limits;
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
    Failures ofUser = of(users, user, now);
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
    if (Duration.between(failures.last, now).compareTo(limits.window()) >= 0
        && !now.isBefore(failures.until)) {
      failures.count = 0;
      failures.lockouts = 0;
    }
    return failures;
  }

  /** One address; of IPv6 the network of one customer (RFC 6177). */
  private static String key(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (!(address instanceof Inet6Address)) {
      return address.getHostAddress();
    }
    var key = new StringBuilder();
    for (int i = 0; i < NETWORK_BYTES; i++) {
      key.append(String.format("%02x", bytes[i]));
    }
    return key.append("/64").toString();
  }

  /** The attempt failed for good; how long the user is locked for it, if it is from now on. */
  synchronized Optional<Duration> failed(String user, Instant now) {
    Failures ofUser = of(users, user, now);
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

  /** The attempt was right: the user starts anew, the address has one failure less. */
  synchronized void succeeded(String user, @Nullable InetAddress address, Instant now) {
    users.remove(user);
    takeBack(address, now);
  }

  /** Nothing came of the attempt: it counts for nothing. */
  synchronized void undecided(String user, @Nullable InetAddress address, Instant now) {
    Failures ofUser = of(users, user, now);
    ofUser.count = Math.max(0, ofUser.count - 1);
    takeBack(address, now);
  }

  private void takeBack(@Nullable InetAddress address, Instant now) {
    if (address != null) {
      Failures ofAddress = of(addresses, key(address), now);
      ofAddress.count = Math.max(0, ofAddress.count - 1);
    }
  }

  synchronized int remembered() {
    return users.size() + addresses.size();
  }
}

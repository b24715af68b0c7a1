package io.restpipe.auth.login;

import io.restpipe.auth.internal.RecordLog;
import io.restpipe.auth.password.User;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The sessions, in a file, so that they outlive a restart. A refresh token is {@code ID.SECRET} and
 * good once; who shows an older one of a session has stolen it, or was stolen from: the session
 * ends (RFC 9700 section 4.14). Only hashes are kept. Thread-safe; may wait for the disk.
 */
final class Sessions implements AutoCloseable {

  /** How many sessions there are at most; of one user, see {@link #MOST_OF_ONE_USER}. */
  static final int MOST = 100_000;

  /** The oldest of a user's sessions ends when there is one more. */
  static final int MOST_OF_ONE_USER = 50;

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final Map<String, Session> byId = new ConcurrentHashMap<>();
  private final InstantSource clock;
  private final Duration lifetime;
  private final Duration longest;
  private final @Nullable RecordLog log;

  private Sessions(@Nullable Path file, InstantSource clock, Duration lifetime, Duration longest)
      throws IOException {
    this.clock = clock;
    this.lifetime = lifetime;
    this.longest = longest;
    this.log = file == null ? null : RecordLog.open(file, this::replay);
    dropOver();
  }

  /**
   * Opens the file.
   *
   * @param file null for memory only
   * @param lifetime how long a session lasts after its last refresh
   * @param longest how long at most
   */
  static Sessions open(
      @Nullable Path file, InstantSource clock, Duration lifetime, Duration longest)
      throws IOException {
    return new Sessions(file, clock, lifetime, longest);
  }

  private void replay(String line) {
    if (line.startsWith("D ")) {
      byId.remove(line.substring(2));
      return;
    }
    Session session = Session.parse(line);
    if (session != null) {
      byId.put(session.id(), session);
    }
  }

  /** A session and the refresh token that is good for it now. */
  record Opened(Session session, String refreshToken) {
    /** Not the token. */
    @Override
    public String toString() {
      return session.toString();
    }
  }

  /**
   * Begins one.
   *
   * @throws IOException if it can't be kept
   */
  synchronized Opened open(User user, String passwordStamp, boolean cookie) throws IOException {
    makeRoom(user);
    Instant now = clock.instant();
    String id = random(16);
    String secret = random(32);
    var session =
        new Session(
            id, hash(secret), user, passwordStamp, now.plus(longest), now.plus(lifetime), cookie);
    write(session.line());
    byId.put(id, session);
    compact();
    return new Opened(session, id + "." + secret);
  }

  /** The session of that id, if it is not over; without waiting for the disk. */
  Optional<Session> session(String id) {
    return Optional.ofNullable(byId.get(id)).filter(session -> !session.isOver(clock.instant()));
  }

  private void makeRoom(User user) throws IOException {
    List<Session> ofUser =
        byId.values().stream().filter(s -> s.user().id().equals(user.id())).toList();
    if (ofUser.size() >= MOST_OF_ONE_USER) {
      end(ofUser.stream().min(Comparator.comparing(Session::endsAt)).orElseThrow().id());
    }
    if (byId.size() >= MOST) {
      dropOver();
      if (byId.size() >= MOST) {
        throw new IOException("there are " + MOST + " sessions already");
      }
    }
  }

  /** What a refresh token is good for. */
  sealed interface Finding {
    /** It is the one that is good now. */
    record Current(Session session) implements Finding {}

    /** It was good once. The session has ended for it. */
    record Reused(Session session) implements Finding {}

    /** It is none, or its session is over. */
    record Unknown() implements Finding {}
  }

  /**
   * Looks a token up. One that was used before ends its session.
   *
   * @throws IOException if that can't be kept
   */
  synchronized Finding find(String refreshToken) throws IOException {
    int dot = refreshToken.indexOf('.');
    Session session = dot < 0 ? null : byId.get(refreshToken.substring(0, dot));
    if (session == null) {
      return new Finding.Unknown();
    }
    if (session.isOver(clock.instant())) {
      end(session.id());
      return new Finding.Unknown();
    }
    if (!isHash(session, refreshToken.substring(dot + 1))) {
      end(session.id());
      return new Finding.Reused(session);
    }
    return new Finding.Current(session);
  }

  private static boolean isHash(Session session, String secret) {
    return MessageDigest.isEqual(
        session.tokenHash().getBytes(StandardCharsets.US_ASCII),
        hash(secret).getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Puts the next token in the place of the one that was shown; empty where another request was
   * faster with it.
   *
   * @throws IOException if it can't be kept; the old one is good still
   */
  synchronized Optional<Opened> rotate(String refreshToken, User user) throws IOException {
    if (!(find(refreshToken) instanceof Finding.Current current)) {
      return Optional.empty();
    }
    String secret = random(32);
    Session next = current.session().next(hash(secret), user, clock.instant().plus(lifetime));
    write(next.line());
    byId.put(next.id(), next);
    compact();
    return Optional.of(new Opened(next, next.id() + "." + secret));
  }

  /** Ends a session; whether there was one. */
  synchronized boolean end(String id) throws IOException {
    if (!byId.containsKey(id)) {
      return false;
    }
    write("D " + id);
    byId.remove(id);
    return true;
  }

  private void write(String line) throws IOException {
    if (log != null) {
      log.append(line);
    }
  }

  private void compact() throws IOException {
    if (log != null) {
      log.compact(
          byId.size(),
          () -> {
            dropOver();
            return byId.values().stream().map(Session::line).toList();
          });
    }
  }

  private void dropOver() {
    Instant now = clock.instant();
    byId.values().removeIf(session -> session.isOver(now));
  }

  Duration lifetime() {
    return lifetime;
  }

  private static String random(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return BASE64.encodeToString(random);
  }

  private static String hash(String secret) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
      return BASE64.encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    if (log != null) {
      log.close();
    }
  }
}

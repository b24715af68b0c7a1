package io.restpipe.auth.jwt;

import io.restpipe.auth.internal.RecordLog;
import io.restpipe.auth.internal.WatchedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A denial list in a file, so that a logout outlives a restart: on disk before {@link #deny}
 * returns. A line is {@code EXPIRY HASH}; what has expired is dropped. Where login and API are
 * processes of their own, the API {@link #follow follows} the file.
 */
public final class FileDenialList implements DenialList, AutoCloseable {

  /** How many tokens are denied at once at most. */
  public static final int MAX_DENIED = 200_000;

  private static final int MAX_BYTES = MAX_DENIED * 128;

  private final Map<String, Long> denied = new ConcurrentHashMap<>();
  private final InstantSource clock;
  private final RecordLog log;

  private FileDenialList(Path file, InstantSource clock) throws IOException {
    this.clock = clock;
    this.log = RecordLog.open(file, line -> read(line, denied));
    dropExpired();
  }

  /**
   * Opens or makes it, to read and to write. One process at a time does that.
   *
   * @throws IOException if it can't be read or written
   */
  public static FileDenialList open(Path file, InstantSource clock) throws IOException {
    return new FileDenialList(file, clock);
  }

  /**
   * Reads what another process writes, about a second later.
   *
   * @throws IOException if there is no such file yet
   */
  public static DenialList follow(Path file) throws IOException {
    WatchedFile<Map<String, Long>> watched =
        WatchedFile.open(file, MAX_BYTES, FileDenialList::readAll);
    return id -> watched.value().containsKey(hash(id));
  }

  private static Map<String, Long> readAll(byte[] content) {
    Map<String, Long> all = new ConcurrentHashMap<>();
    new String(content, StandardCharsets.US_ASCII).lines().forEach(line -> read(line, all));
    return all;
  }

  private static void read(String line, Map<String, Long> into) {
    int space = line.indexOf(' ');
    try {
      if (space > 0) {
        into.put(line.substring(space + 1), Long.valueOf(line.substring(0, space)));
      }
    } catch (NumberFormatException damaged) {
      // A line that says nothing denies nothing.
    }
  }

  @Override
  public boolean isDenied(String id) {
    return denied.containsKey(hash(id));
  }

  @Override
  public synchronized void deny(String id, Instant expiresAt) throws IOException {
    if (denied.size() >= MAX_DENIED) {
      dropExpired();
      if (denied.size() >= MAX_DENIED) {
        throw new IOException("the list of withdrawn tokens is full: " + MAX_DENIED);
      }
    }
    String hash = hash(id);
    long until = expiresAt.getEpochSecond();
    log.append(until + " " + hash);
    denied.put(hash, until);
    log.compact(
        denied.size(),
        () -> {
          dropExpired();
          return denied.entrySet().stream()
              .map(entry -> entry.getValue() + " " + entry.getKey())
              .toList();
        });
  }

  /** Ten minutes later, for verifiers have a leeway. */
  private void dropExpired() {
    long now = clock.instant().getEpochSecond() - 600;
    denied.values().removeIf(until -> until < now);
  }

  private static String hash(String id) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    log.close();
  }
}

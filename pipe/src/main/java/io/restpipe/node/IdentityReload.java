package io.restpipe.node;

import io.restpipe.config.ConfigException;
import io.restpipe.config.FileWatch;
import io.restpipe.security.Identity;
import io.restpipe.security.IdentityException;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.PassphraseSource;
import io.restpipe.security.RevocationLists;
import io.restpipe.security.Revocations;
import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEvent.Field;
import io.restpipe.security.SecurityEventKind;
import io.restpipe.security.SecurityLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads an identity's files and the lists of revoked certificates again when they change. All of
 * them are good together, or the node stays with what it has. Any thread; it reads files.
 */
final class IdentityReload implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(IdentityReload.class);

  /** Files are written one after the other: nothing is read before it is quiet for so long. */
  private static final Duration QUIET = Duration.ofMillis(200);

  /** Not every file system tells of changes. */
  private static final long LOOK_SECONDS = 30;

  private final NodeIdentity identity;
  private final @Nullable IdentityFiles files;
  private final PassphraseSource passphrases;
  private final List<Path> lists;
  private final Revocations others;
  private final SecurityLog security;
  private volatile @Nullable FileWatch watch;
  private volatile @Nullable Future<?> looks;

  /** Lists that were there once: they must not vanish. Guarded by this. */
  private final Set<Path> seen = new LinkedHashSet<>();

  private @Nullable String refused;

  /**
   * @param files where the identity comes from; null if from nowhere
   * @param lists files with lists of revoked certificates, there yet or not
   * @param others what else is known to be revoked
   */
  IdentityReload(
      NodeIdentity identity,
      @Nullable IdentityFiles files,
      PassphraseSource passphrases,
      List<Path> lists,
      Revocations others,
      SecurityLog security) {
    this.identity = identity;
    this.files = files;
    this.passphrases = passphrases;
    this.lists = List.copyOf(lists);
    this.others = others;
    this.security = security;
  }

  /** The lists as they are, for the first time. */
  static Revocations first(List<Path> lists, Identity identity, Revocations others) {
    try {
      return read(present(lists), identity).and(others);
    } catch (IdentityException unusable) {
      throw new NodeStartException(String.valueOf(unusable.getMessage()), unusable);
    }
  }

  private static List<Path> present(List<Path> lists) {
    return lists.stream().filter(Files::exists).toList();
  }

  private static Revocations read(List<Path> present, Identity identity) {
    var authorities = new ArrayList<>(identity.trustAnchors());
    authorities.addAll(identity.chain().subList(1, identity.chain().size()));
    return present.isEmpty() ? Revocations.NONE : RevocationLists.read(present, authorities);
  }

  /** Begins to watch. */
  void start(ScheduledExecutorService timer, Executor blocking) {
    Set<Path> all = new LinkedHashSet<>(lists);
    if (files != null) {
      all.addAll(List.of(files.key(), files.chain(), files.trustAnchors()));
    }
    if (all.isEmpty()) {
      return;
    }
    synchronized (this) {
      seen.addAll(present(lists));
    }
    try {
      FileWatch started = FileWatch.start(all, QUIET, this::look);
      watch = started;
      looks =
          timer.scheduleWithFixedDelay(
              () -> {
                try {
                  blocking.execute(started::look);
                } catch (RejectedExecutionException busy) {
                  // The next look will do.
                }
              },
              LOOK_SECONDS,
              LOOK_SECONDS,
              TimeUnit.SECONDS);
    } catch (ConfigException unwatchable) {
      LOG.warn("the identity's files are not watched: {}", unwatchable.getMessage());
    }
  }

  /** Something has changed. */
  private void look() {
    try {
      reload();
    } catch (RuntimeException failure) {
      LOG.error("the identity's files could not be read again, all stays as it was", failure);
    }
  }

  /**
   * Reads all files again.
   *
   * @return whether what they say is in force now; if not, why is in the log
   */
  synchronized boolean reload() {
    NodeIdentity.Current before = identity.current();
    try {
      for (Path gone : seen) {
        if (Files.notExists(gone)) {
          throw new IdentityException(
              gone + ": the list of revoked certificates is gone; put it back");
        }
      }
      Identity next =
          files == null ? before.identity() : files.loadChecked(Instant.now(), passphrases);
      List<Path> present = present(lists);
      Revocations revocations = read(present, next).and(others);
      boolean same = same(before.identity(), next);
      if (same && present.isEmpty() && seen.isEmpty()) {
        return true;
      }
      identity.take(next, revocations);
      seen.addAll(present);
      refused = null;
      tell(next, same);
      return true;
    } catch (IdentityException unusable) {
      refuse(unusable);
      return false;
    }
  }

  private static boolean same(Identity one, Identity other) {
    return one.chain().equals(other.chain()) && one.trustAnchors().equals(other.trustAnchors());
  }

  private void tell(Identity next, boolean same) {
    String what =
        same
            ? "the lists of revoked certificates were read again"
            : "the identity was read again: " + ExpiryWords.of(next.certificate(), Instant.now());
    LOG.info("{}; new connections use it", what);
    log(what);
  }

  private void refuse(IdentityException unusable) {
    String why = String.join("; ", unusable.problems());
    if (why.equals(refused)) {
      return;
    }
    refused = why;
    LOG.warn("the identity's files have changed and can't be used, all stays as it was: {}", why);
    log("refused: " + why);
  }

  private void log(String what) {
    security.log(
        SecurityEvent.builder(SecurityEventKind.CONFIGURATION_RELOADED)
            .with(Field.MESSAGE, what)
            .with(Field.FILE, files == null ? null : files.chain().toString())
            .build());
  }

  @Override
  public void close() {
    Future<?> repeated = looks;
    if (repeated != null) {
      repeated.cancel(false); // The timer outlives the node.
    }
    FileWatch started = watch;
    if (started != null) {
      started.close();
    }
  }
}

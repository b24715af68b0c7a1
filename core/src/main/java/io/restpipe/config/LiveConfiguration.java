package io.restpipe.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A configuration that is read again while the program runs: whole, or not at all. What is wrong
 * stays outside; what changed is told. Any thread may use it; reloads come one after another.
 *
 * <pre>{@code
 * var live = new LiveConfiguration(sources)
 *     .validator(configuration -> configuration.bind("server", Server.class))
 *     .restartFor(key -> key.startsWith("server.bind"))
 *     .onChange(change -> limiter.rate(change.after().get("server.rate", Types.size())));
 * live.watch(failure -> log.error(failure.getMessage()));
 * }</pre>
 */
public final class LiveConfiguration implements AutoCloseable {

  private static final Duration QUIET = Duration.ofMillis(100);
  private static final int MOST_READINGS = 10;

  private final Sources sources;
  private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
  private volatile Configuration current;
  private volatile Consumer<Configuration> validator = configuration -> {};
  private volatile Predicate<String> restart = key -> false;
  private @Nullable FileWatch watch;

  /**
   * Reads the configuration for the first time.
   *
   * @throws ConfigException with all that is wrong
   */
  public LiveConfiguration(Sources sources) {
    this.sources = sources;
    this.current = sources.load();
  }

  /**
   * What a reload did.
   *
   * @param changed the keys whose values are others now, came or went, in lower case
   * @param needRestart those of them that count after a restart only
   */
  public record Change(
      Configuration before, Configuration after, Set<String> changed, Set<String> needRestart) {}

  /** The one that holds now. */
  public Configuration current() {
    return current;
  }

  /** Refuses what is wrong by throwing a {@link ConfigException}; then nothing changes. */
  public LiveConfiguration validator(Consumer<Configuration> check) {
    validator = check;
    return this;
  }

  /** Says of which keys a change counts after a restart only. */
  public LiveConfiguration restartFor(Predicate<String> keys) {
    restart = keys;
    return this;
  }

  /** Tells of changes, on the thread that reloads, after they hold. */
  public LiveConfiguration onChange(Consumer<Change> listener) {
    listeners.add(listener);
    return this;
  }

  /**
   * Reads everything again. Listeners are told if anything changed.
   *
   * @throws ConfigException if anything is wrong; then all stays as it was
   */
  public synchronized Change reload() {
    Configuration before = current;
    Configuration after = loadWatched();
    Set<String> changed = before.differences(after);
    var needRestart = new TreeSet<String>(changed);
    needRestart.removeIf(restart.negate());
    var change = new Change(before, after, changed, needRestart);
    validator.accept(after);
    current = after;
    if (!changed.isEmpty()) {
      listeners.forEach(listener -> listener.accept(change));
    }
    return change;
  }

  /**
   * Reads until no file came up that was not watched before: such a one may have changed between
   * the reading and the watching.
   */
  private Configuration loadWatched() {
    FileWatch watching = watch;
    if (watching == null) {
      return sources.load();
    }
    for (int again = MOST_READINGS; ; again--) {
      try {
        Configuration loaded = sources.load();
        if (!watching.watch(both(current.files(), loaded.files())) || again == 0) {
          return loaded;
        }
      } catch (ConfigException wrong) {
        watching.watch(both(current.files(), wrong.files()));
        throw wrong;
      }
    }
  }

  private static Set<Path> both(Set<Path> some, Set<Path> others) {
    var both = new HashSet<Path>(some);
    both.addAll(others);
    return both;
  }

  /**
   * Reloads when one of the files changes, comes or goes, a moment after the last change. What is
   * wrong then is told, and everything stays as it was.
   *
   * @throws ConfigException if the folders cannot be watched
   */
  public synchronized LiveConfiguration watch(Consumer<RuntimeException> failures) {
    if (watch == null) {
      watch = FileWatch.start(current.files(), QUIET, () -> reload(failures));
      reload(failures);
    }
    return this;
  }

  private void reload(Consumer<RuntimeException> failures) {
    try {
      reload();
    } catch (RuntimeException wrong) {
      failures.accept(wrong);
    }
  }

  /** Watches no longer. */
  @Override
  public synchronized void close() {
    if (watch != null) {
      watch.close();
      watch = null;
    }
  }
}

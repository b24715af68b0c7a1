package io.restpipe.config;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Says when one of some files changes. It watches their folders, because editors put a new file in
 * the place of the old one; what happens to other files there is not told. One daemon thread.
 */
public final class FileWatch implements AutoCloseable {

  private static final WatchEvent.Kind<?>[] ALL = {
    StandardWatchEventKinds.ENTRY_CREATE,
    StandardWatchEventKinds.ENTRY_MODIFY,
    StandardWatchEventKinds.ENTRY_DELETE
  };

  private final WatchService service;
  private final Duration quiet;
  private final Runnable changed;
  private Map<Path, String> prints = Map.of();

  private FileWatch(WatchService service, Duration quiet, Runnable changed) {
    this.service = service;
    this.quiet = quiet;
    this.changed = changed;
  }

  /**
   * Starts to watch.
   *
   * @param quiet how long nothing must have happened before it is told
   * @param changed runs on the watch's own thread; must not throw
   * @throws ConfigException if the folders can't be watched
   */
  public static FileWatch start(Set<Path> files, Duration quiet, Runnable changed) {
    try {
      var watch = new FileWatch(FileSystems.getDefault().newWatchService(), quiet, changed);
      watch.watch(files);
      var thread = new Thread(watch::run, "config-watch");
      thread.setDaemon(true);
      thread.start();
      return watch;
    } catch (IOException unwatchable) {
      throw cannot(unwatchable);
    }
  }

  private static ConfigException cannot(IOException cause) {
    return new ConfigException(
        Problem.at(
            new Origin.Code("configuration"),
            "its files cannot be watched: " + ConfigFile.reason(cause)),
        cause);
  }

  /** Watches these files from now on; whether one of them was not watched before. */
  synchronized boolean watch(Set<Path> files) {
    register(files);
    Map<Path, String> next = prints(files);
    boolean added = !prints.keySet().containsAll(files);
    prints.forEach((file, print) -> next.computeIfPresent(file, (same, now) -> print));
    prints = next;
    return added;
  }

  private void register(Set<Path> files) {
    try {
      for (Path file : files) {
        Path folder = IniReader.folderOf(file);
        if (Files.isDirectory(folder)) {
          folder.register(service, ALL);
        }
      }
    } catch (IOException unwatchable) {
      throw cannot(unwatchable);
    } catch (ClosedWatchServiceException closed) {
      // Nobody wants to know any more.
    }
  }

  /** What tells one state of a file from another, links followed. */
  private static Map<Path, String> prints(Set<Path> files) {
    var prints = new HashMap<Path, String>();
    for (Path file : files) {
      prints.put(file, print(file));
    }
    return prints;
  }

  private static String print(Path file) {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
    } catch (IOException missing) {
      return "";
    }
  }

  private synchronized boolean hasChanged() {
    Map<Path, String> now = prints(prints.keySet());
    boolean different = !now.equals(prints);
    prints = now;
    return different;
  }

  /** Looks now, for file systems that do not tell; any thread. */
  public void look() {
    if (hasChanged()) {
      changed.run();
    }
  }

  private void run() {
    try {
      while (true) {
        settle(service.take());
        look();
      }
    } catch (ClosedWatchServiceException | InterruptedException ended) {
      // That is how it ends.
    }
  }

  /** Waits until nothing has happened for a while: a file is written in more than one step. */
  private void settle(WatchKey first) throws InterruptedException {
    for (WatchKey key = first; key != null; ) {
      key.pollEvents();
      key.reset();
      key = service.poll(quiet.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void close() {
    try {
      service.close();
    } catch (IOException closed) {
      // Nothing is lost.
    }
  }
}

package io.restpipe.cli;

import io.restpipe.cef.CefConfig;
import io.restpipe.cef.CefLogger;
import io.restpipe.cef.CefSecurityLog;
import io.restpipe.config.Settings;
import io.restpipe.security.SecurityLog;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The security log of a process, as its section {@code [cef]} says. */
final class SecurityLogging implements AutoCloseable {

  private final @Nullable CefLogger logger;
  private final @Nullable CefSecurityLog log;

  /** What events call this node; not known before its identity is. */
  private volatile String node = "";

  private SecurityLogging(Optional<CefConfig> config) throws IOException {
    if (config.isEmpty()) {
      logger = null;
      log = null;
    } else {
      logger = config.get().openLogger();
      log = new CefSecurityLog(logger, config.get().device(), () -> node);
    }
  }

  /**
   * Opens the file or socket.
   *
   * @throws CommandException if it can't be had
   */
  static SecurityLogging open(Settings settings) throws CommandException {
    try {
      return new SecurityLogging(CefSettings.config(settings));
    } catch (IOException failure) {
      throw new CommandException(
          ExitCode.START,
          "the security log cannot be opened: "
              + Sentence.of(failure)
              + ". See the section [cef] of the settings",
          failure);
    }
  }

  /** From now on events say that they are of this node. */
  void node(String name) {
    node = name;
  }

  SecurityLog log() {
    return log == null ? SecurityLog.NONE : log;
  }

  /** Writes what was counted and what is queued, for a few seconds at most. */
  @Override
  public void close() {
    if (log != null) {
      log.close();
    }
    if (logger != null) {
      logger.close();
    }
  }
}

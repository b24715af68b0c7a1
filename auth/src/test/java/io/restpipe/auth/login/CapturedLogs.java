package io.restpipe.auth.login;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** Everything that any library logs at any level, to be searched for secrets. */
final class CapturedLogs implements AutoCloseable {

  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Logger ours = (Logger) LoggerFactory.getLogger("io.restpipe");
  private final Level level = root.getLevel();
  private final Level ourLevel = ours.getLevel();
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.add(event.getLoggerName() + " " + event.getFormattedMessage());
          for (IThrowableProxy t = event.getThrowableProxy(); t != null; t = t.getCause()) {
            lines.add(t.getClassName() + ": " + t.getMessage());
          }
        }
      };

  CapturedLogs() {
    appender.start();
    root.addAppender(appender);
    root.setLevel(Level.TRACE);
    ours.setLevel(Level.TRACE);
  }

  Collection<String> lines() {
    return lines;
  }

  @Override
  public void close() {
    root.detachAppender(appender);
    root.setLevel(level);
    ours.setLevel(ourLevel);
  }
}

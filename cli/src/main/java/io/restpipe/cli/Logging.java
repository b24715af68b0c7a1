package io.restpipe.cli;

import ch.qos.logback.classic.ClassicConstants;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.LoggerFactory;

/**
 * The log: one line each to standard error, so that standard output is for what a script reads. In
 * code because reading a configuration file costs more than the rest of the start. Where logback's
 * property {@code logback.configurationFile} names a file, that file decides instead.
 */
public final class Logging extends ContextAwareBase implements Configurator {

  /** A message on one line that a terminal only shows, whatever a peer put into it. */
  private static final String PATTERN =
      "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\"} %-5level %logger{0}: "
          + "%replace(%msg){'[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}&&[^\\t]]', '?'}%n";

  // Set once, before the first logger is asked for.
  private static volatile boolean debug;

  /** Made by logback. */
  public Logging() {}

  /** Whether to log what goes on underneath; to be called before anything is logged. */
  static void debug(boolean on) {
    debug = on;
  }

  /** The same while things are logged. */
  static void change(boolean on) {
    debug = on;
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      setLevel(context);
    }
  }

  private static boolean isElsewhere() {
    return System.getProperty(ClassicConstants.CONFIG_FILE_PROPERTY) != null;
  }

  private static void setLevel(LoggerContext context) {
    if (isElsewhere()) {
      return;
    }
    context.getLogger("io.restpipe").setLevel(debug ? Level.DEBUG : Level.INFO);
  }

  static boolean isDebug() {
    return debug;
  }

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (isElsewhere()) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget("System.err");
    appender.setEncoder(encoder(context));
    appender.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    root.addAppender(appender);
    // Its pool of connections tells at length how it begins and ends.
    context.getLogger("com.zaxxer.hikari").setLevel(Level.WARN);
    setLevel(context);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  static Encoder<ILoggingEvent> encoder(LoggerContext context) {
    var encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    return encoder;
  }
}

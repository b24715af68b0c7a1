package io.restpipe.cef;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands records to SLF4J at level INFO, for an application that routes its logs there. */
public final class Slf4jSink implements CefSink {

  private final Logger logger;

  /** Writes to the logger of that name. */
  public Slf4jSink(String name) {
    this.logger = LoggerFactory.getLogger(name);
  }

  @Override
  public void write(CefRecord record) {
    // As an argument: braces in the record are not placeholders.
    logger.info("{}", record);
  }

  @Override
  public void close() {}
}

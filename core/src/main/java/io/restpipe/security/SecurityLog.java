package io.restpipe.security;

/**
 * Where a node tells what matters to security. The seam between those who see it happen and those
 * who write it down; nothing but these events goes through it.
 *
 * <p>Any thread, an event loop too: {@link #log} neither throws nor waits, unless whoever made the
 * log chose that it may.
 */
@FunctionalInterface
public interface SecurityLog {

  /** Forgets everything. */
  SecurityLog NONE = event -> {};

  void log(SecurityEvent event);
}

package io.restpipe.security;

/**
 * Where a node tells what matters to security. The seam between those who see it happen and those
 * who write it down; nothing but these events goes through it.
 *
 * <pre>{@code
 * security.log(
 *     SecurityEvent.builder(SecurityEventKind.ACCESS_DENIED)
 *         .from(remoteAddress)
 *         .user(principal)
 *         .reason("no rule allows it")
 *         .with(Field.PATH, "/client/alpha/time")
 *         .build());
 * }</pre>
 *
 * <p>The reason is what repeats are told apart by, beside kind, address, peer and user: keep it
 * free of what differs each time, such as a port or a number, and put that into the message.
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

package io.restpipe.auth.policy;

import io.restpipe.config.FileWatch;
import io.restpipe.event.Principal;
import io.restpipe.security.Access;
import io.restpipe.security.Authorizer;
import io.restpipe.security.NodeRole;
import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEventKind;
import io.restpipe.security.SecurityLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A policy that follows its file: read again when that changes, whole or not at all. A file that is
 * wrong, or gone, changes nothing and is told. Any thread.
 */
public final class LivePolicy implements Authorizer, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LivePolicy.class);

  /** A file is written in more than one step. */
  private static final Duration QUIET = Duration.ofMillis(200);

  private final Path file;
  private final NodeRole node;
  private final SecurityLog log;
  private volatile Policy current;
  private @Nullable FileWatch watch;

  private LivePolicy(Path file, NodeRole node, SecurityLog log, Policy current) {
    this.file = file;
    this.node = node;
    this.log = log;
    this.current = current;
  }

  /**
   * Reads a file and follows it from now on.
   *
   * @param log is told of each reading
   * @throws PolicyException if the file is wrong
   */
  public static LivePolicy open(Path file, NodeRole node, SecurityLog log) throws PolicyException {
    var policy = new LivePolicy(file, node, log, Policy.read(file, node));
    policy.follow();
    return policy;
  }

  private synchronized void follow() {
    watch = FileWatch.start(Set.of(file), QUIET, this::reload);
  }

  /** Reads the file now; whether what it says is in force. */
  public synchronized boolean reload() {
    try {
      current = Policy.read(file, node);
    } catch (PolicyException wrong) {
      LOG.error("the policy is wrong, all stays as it was");
      wrong.problems().forEach(problem -> LOG.error("{}", problem));
      tell("refused: " + wrong.problems().get(0));
      return false;
    }
    LOG.info("policy {} is in force, {} rules", file, current.rules().size());
    tell("in force");
    return true;
  }

  private void tell(String what) {
    log.log(
        SecurityEvent.builder(SecurityEventKind.CONFIGURATION_RELOADED)
            .with(SecurityEvent.Field.FILE, file.toString())
            .reason("policy " + what)
            .build());
  }

  /** The rules that are in force now. */
  public Policy current() {
    return current;
  }

  @Override
  public Decision decide(Access access) {
    return current.decide(access);
  }

  @Override
  public Optional<Principal> vouched(String client, Principal user) {
    return current.vouched(client, user);
  }

  /** Follows the file no longer. */
  @Override
  public synchronized void close() {
    if (watch != null) {
      watch.close();
      watch = null;
    }
  }
}

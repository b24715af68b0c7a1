package io.restpipe.node;

import io.restpipe.metrics.Metrics;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells ahead that a certificate ends: on the heartbeat page, in a meter, and in the log. */
final class ExpiryWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ExpiryWatch.class);

  /** A long life is told of this much before its end, a short one at a fifth of it. */
  private static final Duration AHEAD = Duration.ofDays(30);

  private static final int SHARE = 5;
  private static final long LOOK_SECONDS = 60;
  private static final Duration AGAIN = Duration.ofHours(24);

  private final NodeIdentity identity;

  /** When each warning was logged last, by what it is about. One thread at a time. */
  private final Map<String, Instant> logged = new HashMap<>();

  private volatile @Nullable Future<?> looks;

  ExpiryWatch(NodeIdentity identity, Metrics metrics) {
    this.identity = identity;
    metrics.gauge("tls.certificate.expiry.seconds", () -> secondsLeft(List.of(certificate())));
    metrics.gauge("tls.authority.expiry.seconds", () -> secondsLeft(authorities()));
  }

  private X509Certificate certificate() {
    return identity.current().identity().certificate();
  }

  private List<X509Certificate> authorities() {
    return identity.current().identity().trustAnchors();
  }

  /** Of the one that ends first; negative once it has. */
  private static long secondsLeft(List<X509Certificate> certificates) {
    Instant now = Instant.now();
    return certificates.stream()
        .mapToLong(one -> Duration.between(now, one.getNotAfter().toInstant()).toSeconds())
        .min()
        .orElse(0);
  }

  void start(ScheduledExecutorService timer) {
    looks = timer.scheduleWithFixedDelay(this::look, 0, LOOK_SECONDS, TimeUnit.SECONDS);
  }

  /** The timer outlives the node. */
  @Override
  public void close() {
    Future<?> started = looks;
    if (started != null) {
      started.cancel(false);
    }
  }

  private void look() {
    Instant now = Instant.now();
    for (String warning : warnings(now)) {
      // The words change with the time that is left, what they are about does not.
      String about = warning.replaceAll("\\d+ (second|minute|hour|day)s?", "");
      Instant last = logged.get(about);
      if (last == null || Duration.between(last, now).compareTo(AGAIN) >= 0) {
        logged.put(about, now);
        LOG.warn("{}", warning);
      }
    }
    logged.values().removeIf(at -> Duration.between(at, now).compareTo(AGAIN) > 0);
  }

  /** What somebody should look after, a sentence each. Any thread. */
  List<String> warnings(Instant now) {
    List<String> warnings = new ArrayList<>();
    if (isNear(certificate(), now)) {
      warnings.add("the certificate of this node: " + ExpiryWords.of(certificate(), now));
    }
    for (X509Certificate authority : authorities()) {
      if (isNear(authority, now)) {
        warnings.add("a trusted authority: " + ExpiryWords.of(authority, now));
      }
    }
    warnings.addAll(identity.current().revocations().warnings(now));
    return warnings;
  }

  private static boolean isNear(X509Certificate certificate, Instant now) {
    Instant end = certificate.getNotAfter().toInstant();
    Duration life = Duration.between(certificate.getNotBefore().toInstant(), end);
    Duration ahead = life.dividedBy(SHARE);
    return now.isAfter(end.minus(ahead.compareTo(AHEAD) < 0 ? ahead : AHEAD));
  }
}

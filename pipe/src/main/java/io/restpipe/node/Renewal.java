package io.restpipe.node;

import io.restpipe.event.Body;
import io.restpipe.event.Event;
import io.restpipe.event.Reply;
import io.restpipe.event.ReturnCode;
import io.restpipe.event.Verb;
import io.restpipe.pipe.Peer;
import io.restpipe.pipe.internal.enroll.Messages;
import io.restpipe.pipe.internal.enroll.Messages.MalformedException;
import io.restpipe.pipe.internal.enroll.Proof;
import io.restpipe.pipe.internal.enroll.RenewalProcessor;
import io.restpipe.security.CertificateRequest;
import io.restpipe.security.EnrollmentException;
import io.restpipe.security.EnrollmentException.Reason;
import io.restpipe.security.Identity;
import io.restpipe.security.IdentityException;
import io.restpipe.security.IssuedCertificate;
import io.restpipe.security.Revoked;
import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEvent.Field;
import io.restpipe.security.SecurityEventKind;
import io.restpipe.security.SecurityLog;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets a client a new certificate when two thirds of the old one's life are over, with a new key,
 * over the connection that it has. Guarded by its monitor; what blocks runs elsewhere.
 */
final class Renewal implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Renewal.class);

  /** Renewals of many clients that were set up together spread over this share of a life. */
  private static final double SPREAD = 0.05;

  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
  private static final Duration NOT_OFFERED_PAUSE = Duration.ofHours(6);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final NodeIdentity identity;
  private final Peer server;
  private final RenewedIdentity keeper;
  private final SecurityLog security;
  private final ScheduledExecutorService timer;
  private final Executor blocking;

  private X509Certificate current;
  private Instant since;
  private int failures;
  private boolean closed;
  private @Nullable Future<?> next;

  /** Where a renewed identity goes, beside the node itself. May block. */
  @FunctionalInterface
  interface RenewedIdentity {
    /**
     * Keeps it over a restart, and gives what is to be used.
     *
     * @param issued fits the key, and was not looked at otherwise
     */
    Identity keep(CertificateRequest request, IssuedCertificate issued);
  }

  /**
   * @param since when the certificate was issued, as far as is known: its dates may begin earlier
   */
  Renewal(
      NodeIdentity identity,
      Instant since,
      Peer server,
      RenewedIdentity keeper,
      SecurityLog security,
      ScheduledExecutorService timer,
      Executor blocking) {
    this.identity = identity;
    this.since = since;
    this.server = server;
    this.keeper = keeper;
    this.security = security;
    this.timer = timer;
    this.blocking = blocking;
    this.current = identity.current().identity().certificate();
  }

  synchronized void start() {
    identity.onChange(now -> changed(now.identity().certificate()));
    schedule(untilDue());
  }

  /** The node has another certificate now, from here or from elsewhere. */
  private synchronized void changed(X509Certificate certificate) {
    if (!certificate.equals(current)) {
      current = certificate;
      since = Instant.now();
      failures = 0;
      schedule(untilDue());
    }
  }

  private Duration untilDue() {
    Duration life = Duration.between(since, end());
    double share = 2.0 / 3 - SPREAD * ThreadLocalRandom.current().nextDouble();
    Instant due = since.plusMillis((long) (life.toMillis() * share));
    Duration left = Duration.between(Instant.now(), due);
    return left.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : left;
  }

  private Instant end() {
    return current.getNotAfter().toInstant();
  }

  private void schedule(Duration pause) {
    if (next != null) {
      next.cancel(false);
    }
    if (!closed) {
      next = timer.schedule(this::ask, pause.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void ask() {
    try {
      blocking.execute(this::renew);
    } catch (RejectedExecutionException busy) {
      failed("too much is running", Reason.UNAVAILABLE);
    }
  }

  private void renew() {
    Identity now = identity.current().identity();
    var request = CertificateRequest.make();
    byte[] proof = Proof.of(request.encoded(), now.privateKey());
    Event event =
        Event.builder(Verb.POST, RenewalProcessor.NOUN)
            .body(RenewalProcessor.MEDIA_TYPE, Body.of(Messages.renewal(request.encoded(), proof)))
            .timeout(wait(now))
            .build();
    server
        .exchange(event)
        .thenCompose(reply -> reply.aggregate(Messages.MAX_BYTES))
        .whenCompleteAsync((reply, failure) -> answered(request, reply, failure), blocking)
        .exceptionally(
            failure -> {
              failed(String.valueOf(failure.getMessage()), Reason.UNAVAILABLE);
              return null;
            });
  }

  /** A short life leaves no time for a long wait. */
  private static Duration wait(Identity now) {
    Duration left = Duration.between(Instant.now(), now.certificate().getNotAfter().toInstant());
    Duration wait = left.dividedBy(2);
    if (wait.compareTo(Duration.ofSeconds(1)) < 0) {
      return Duration.ofSeconds(1);
    }
    return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
  }

  private void answered(
      CertificateRequest request, @Nullable Reply reply, @Nullable Throwable failure) {
    try {
      if (reply == null) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        failed(
            cause == null ? "no answer" : String.valueOf(cause.getMessage()), Reason.UNAVAILABLE);
      } else if (reply.code() == ReturnCode.UNHANDLED) {
        failed("the server renews no certificates", Reason.NOT_OFFERED);
      } else {
        renewed(request, Messages.issued(reply.bytes()));
      }
    } catch (EnrollmentException refused) {
      failed(String.valueOf(refused.getMessage()), refused.reason());
    } catch (MalformedException | IdentityException | IllegalArgumentException unusable) {
      failed("the server's answer can't be used: " + unusable.getMessage(), Reason.UNAVAILABLE);
    }
  }

  private void renewed(CertificateRequest request, IssuedCertificate issued) {
    if (!Identity.fits(request.privateKey(), issued.certificate().getPublicKey())) {
      throw new IdentityException("it is for another key");
    }
    identity.take(keeper.keep(request, issued));
    X509Certificate certificate = issued.certificate();
    LOG.info("certificate renewed: {}", ExpiryWords.of(certificate, Instant.now()));
    security.log(
        SecurityEvent.builder(SecurityEventKind.IDENTITY_RENEWED)
            .with(Field.SERIAL, Revoked.serial(certificate))
            .with(Field.MESSAGE, "valid until " + certificate.getNotAfter().toInstant())
            .build());
  }

  private synchronized void failed(String why, Reason reason) {
    failures++;
    switch (reason) {
      case CERTIFICATE_REVOKED, CERTIFICATE_EXPIRED, CERTIFICATE_UNKNOWN, REQUEST_REFUSED ->
          LOG.error(
              "certificate not renewed, and will not be: {}; {} ({})",
              why,
              "install another identity, or join anew",
              ExpiryWords.of(current, Instant.now()));
      case NOT_OFFERED -> {
        LOG.info("certificate not renewed: {}; it is to be replaced by hand", why);
        schedule(NOT_OFFERED_PAUSE);
      }
      case TOKEN_UNKNOWN,
          TOKEN_EXPIRED,
          TOKEN_USED,
          TOKEN_REVOKED,
          REQUEST_MALFORMED,
          TOO_MANY_REQUESTS,
          UNAVAILABLE -> {
        Duration pause = pause();
        LOG.warn(
            "certificate not renewed yet: {}; trying again in {} ms ({})",
            why,
            pause.toMillis(),
            ExpiryWords.of(current, Instant.now()));
        schedule(pause);
      }
    }
  }

  /** Twice as long after each failure, but soon enough for several more before the end. */
  private Duration pause() {
    Duration left = Duration.between(Instant.now(), end()).dividedBy(8);
    Duration doubled = Duration.ofSeconds(1L << Math.min(failures - 1, 12));
    Duration pause = doubled.compareTo(left) < 0 ? doubled : left;
    if (pause.compareTo(LONGEST_PAUSE) > 0) {
      pause = LONGEST_PAUSE;
    }
    long millis = Math.max(SHORTEST_PAUSE.toMillis(), pause.toMillis());
    return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (next != null) {
      next.cancel(false);
    }
  }
}

package io.restpipe.pipe.internal.enroll;

import io.restpipe.event.Body;
import io.restpipe.event.EventProcessor;
import io.restpipe.event.Exchange;
import io.restpipe.event.Exchange.Refusal;
import io.restpipe.event.Reply;
import io.restpipe.event.Verb;
import io.restpipe.pipe.internal.enroll.Messages.MalformedException;
import io.restpipe.security.Enrollment;
import io.restpipe.security.EnrollmentException;
import io.restpipe.security.EnrollmentException.Reason;
import io.restpipe.security.IssuedCertificate;
import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEvent.Field;
import io.restpipe.security.SecurityEventKind;
import io.restpipe.security.SecurityLog;
import java.security.cert.X509Certificate;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code POST $renew} of one connection's peer with a new certificate; everything else goes
 * on to the next. On the connection's loop; what blocks runs elsewhere.
 */
public final class RenewalProcessor implements EventProcessor {

  /** The noun of the event. */
  public static final String NOUN = "$renew";

  /** The media type of request and answer. */
  public static final String MEDIA_TYPE = "application/json";

  private static final int REFUSED = 403;
  private static final int LATER = 503;

  private static final Logger LOG = LoggerFactory.getLogger(RenewalProcessor.class);

  private final Enrollment enrollment;
  private final X509Certificate current;
  private final Executor blocking;
  private final SecurityLog security;
  private final EventProcessor next;

  /**
   * @param current what the peer has shown on this connection
   * @param security told of requests that the enrollment never sees
   */
  public RenewalProcessor(
      Enrollment enrollment,
      X509Certificate current,
      Executor blocking,
      SecurityLog security,
      EventProcessor next) {
    this.enrollment = enrollment;
    this.current = current;
    this.blocking = blocking;
    this.security = security;
    this.next = next;
  }

  @Override
  public void process(Exchange exchange) {
    if (exchange.event().verb() != Verb.POST || !exchange.event().noun().equals(NOUN)) {
      next.process(exchange);
      return;
    }
    exchange
        .event()
        .body()
        .aggregate(Messages.MAX_BYTES)
        .whenComplete(
            (message, broken) -> {
              if (broken == null) {
                renew(exchange, message);
              } else {
                exchange.refuse(Refusal.TOO_LARGE, "a renewal is a short message");
              }
            });
  }

  private void renew(Exchange exchange, byte[] message) {
    try {
      blocking.execute(() -> exchange.reply(answer(exchange, message)));
    } catch (RejectedExecutionException busy) {
      exchange.refuse(Refusal.OVERLOADED, "too much is running");
    }
  }

  private Reply answer(Exchange exchange, byte[] message) {
    try {
      return reply(0, Messages.answer(issue(exchange, message)));
    } catch (EnrollmentException refused) {
      LOG.warn("[{}] certificate not renewed: {}", exchange.peer().name(), refused.getMessage());
      return reply(refused.reason().isRetryable() ? LATER : REFUSED, Messages.refusal(refused));
    } catch (RuntimeException failure) {
      LOG.error("[{}] certificate not renewed", exchange.peer().name(), failure);
      return reply(
          LATER,
          Messages.refusal(
              new EnrollmentException(
                  Reason.UNAVAILABLE, "the server failed; its log says how", failure)));
    }
  }

  private IssuedCertificate issue(Exchange exchange, byte[] message) throws EnrollmentException {
    Messages.Wish wish;
    try {
      wish = Messages.Wish.toRenew(message);
    } catch (MalformedException malformed) {
      throw new EnrollmentException(
          Reason.REQUEST_MALFORMED, "the request can't be read: " + malformed.getMessage());
    }
    if (!Proof.isGood(wish.proof(), wish.request(), current.getPublicKey())) {
      security.log(
          SecurityEvent.builder(SecurityEventKind.SIGNATURE_REFUSED)
              .peer(exchange.peer().name())
              .from(exchange.peer().address())
              .reason("a renewal that is not signed with the key of the certificate")
              .with(Field.RULE, "certificate-renewal")
              .build());
      throw new EnrollmentException(
          Reason.REQUEST_REFUSED,
          "the request is not signed with the key of the certificate that is to be renewed");
    }
    IssuedCertificate issued = enrollment.renew(current, wish.request(), exchange.peer().address());
    LOG.info(
        "[{}] certificate renewed, valid until {}",
        exchange.peer().name(),
        issued.certificate().getNotAfter().toInstant());
    return issued;
  }

  private static Reply reply(int code, byte[] message) {
    return Reply.of(code, MEDIA_TYPE, Body.of(message));
  }
}

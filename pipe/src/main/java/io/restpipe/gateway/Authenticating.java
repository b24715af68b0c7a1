package io.restpipe.gateway;

import io.restpipe.event.Principal;
import io.restpipe.security.Authentication;
import io.restpipe.security.Authenticator;
import io.restpipe.security.Credentials;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the authenticators of a listener, one after the other, until one knows. */
final class Authenticating {

  private static final Logger LOG = LoggerFactory.getLogger(Authenticating.class);

  private static final Authentication FAILED =
      new Authentication.Unavailable("an authenticator failed", Duration.ofSeconds(5));

  private Authenticating() {}

  /** Completes on any thread, never with a failure. */
  static CompletionStage<Authentication> ask(GatewayListener listener, Credentials credentials) {
    CompletionStage<Authentication> answer = next(listener.authenticators, 0, credentials);
    CompletableFuture<Authentication> now = answer.toCompletableFuture();
    if (now.isDone()) {
      return answer;
    }
    return now.copy()
        .completeOnTimeout(
            new Authentication.Unavailable(
                "an authenticator takes too long", Duration.ofSeconds(5)),
            GatewayListener.AUTHENTICATION_TIMEOUT.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private static CompletionStage<Authentication> next(
      List<Authenticator> authenticators, int at, Credentials credentials) {
    if (at == authenticators.size()) {
      return CompletableFuture.completedFuture(Authentication.ABSENT);
    }
    return one(authenticators.get(at), credentials)
        .thenCompose(
            found ->
                found instanceof Authentication.Absent
                    ? next(authenticators, at + 1, credentials)
                    : CompletableFuture.completedFuture(found));
  }

  private static CompletionStage<Authentication> one(
      Authenticator authenticator, Credentials credentials) {
    try {
      return authenticator.authenticate(credentials).exceptionally(Authenticating::failed);
    } catch (RuntimeException defect) {
      return CompletableFuture.completedFuture(failed(defect));
    }
  }

  private static Authentication failed(Throwable failure) {
    LOG.error("an authenticator failed; its callers are told to come back", failure);
    return FAILED;
  }

  /** The principal of one who was let in; null for all others. */
  static @Nullable Principal principal(Authentication found) {
    return found instanceof Authentication.Accepted accepted ? accepted.principal() : null;
  }

  /** What callers that nobody knows are told. */
  static List<String> challenges(GatewayListener listener) {
    var challenges = new ArrayList<String>();
    for (Authenticator authenticator : listener.authenticators) {
      challenges.addAll(authenticator.challenges());
    }
    return challenges;
  }
}

package io.restpipe.auth.login;

import io.restpipe.auth.login.LoginRequest.BasicCredentials;
import io.restpipe.auth.password.User;
import io.restpipe.event.Principal;
import io.restpipe.security.Authentication;
import io.restpipe.security.Authenticator;
import io.restpipe.security.Credentials;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Knows callers by name and password in each request (RFC 7617). A password that was right is good
 * for a minute without hashing it again, remembered by a keyed hash, as long as the store of users
 * knows the user and the password has not been changed; requests with the same credentials at once
 * are checked once.
 */
public final class BasicAuthenticator implements Authenticator {

  private static final String BASIC = "basic ";
  private static final Duration REMEMBERED = Duration.ofMinutes(1);
  private static final int MOST = 10_000;

  private final PasswordLogin passwords;
  private final InstantSource clock;
  private final SecretKeySpec key;
  private final Map<String, Remembered> entries =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Remembered> eldest) {
          return size() > MOST;
        }
      };

  private record Remembered(CompletionStage<LoginOutcome> outcome, Instant until) {}

  public BasicAuthenticator(PasswordLogin passwords, InstantSource clock) {
    this.passwords = passwords;
    this.clock = clock;
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    this.key = new SecretKeySpec(random, "HmacSHA256");
  }

  @Override
  public List<String> challenges() {
    return List.of("Basic realm=\"restpipe\", charset=\"UTF-8\"");
  }

  @Override
  public CompletionStage<Authentication> authenticate(Credentials credentials) {
    String header = credentials.authorization().orElse("");
    if (!header.toLowerCase(Locale.ROOT).startsWith(BASIC)) {
      return CompletableFuture.completedFuture(Authentication.ABSENT);
    }
    Optional<BasicCredentials> decoded =
        BasicCredentials.decode(header.substring(BASIC.length()).strip());
    if (decoded.isEmpty()) {
      return CompletableFuture.completedFuture(
          Authentication.refused("the Authorization header is no Basic one"));
    }
    return check(decoded.orElseThrow(), credentials).thenApply(BasicAuthenticator::authentication);
  }

  private CompletionStage<LoginOutcome> check(BasicCredentials basic, Credentials credentials) {
    String hash = hash(basic);
    Instant now = clock.instant();
    var answer = new CompletableFuture<LoginOutcome>();
    synchronized (entries) {
      Remembered entry = entries.get(hash);
      if (entry != null && now.isBefore(entry.until())) {
        return entry.outcome().thenCompose(outcome -> still(outcome, hash, basic, credentials));
      }
      entries.put(hash, new Remembered(answer, now.plus(REMEMBERED)));
    }
    passwords
        .check(
            new PasswordLogin.Attempt(
                basic.user(), basic.password(), credentials.address().orElse(null), null))
        .whenComplete(
            (outcome, failure) -> {
              forget(hash, outcome);
              if (failure == null) {
                answer.complete(outcome);
              } else {
                answer.completeExceptionally(failure);
              }
            });
    return answer;
  }

  /** Who is not let in any more is checked anew, and so refused and told like any other. */
  private CompletionStage<LoginOutcome> still(
      LoginOutcome outcome, String hash, BasicCredentials basic, Credentials credentials) {
    if (!(outcome instanceof LoginOutcome.Accepted accepted)) {
      return CompletableFuture.completedFuture(outcome);
    }
    return passwords
        .standing()
        .of(accepted.user(), accepted.passwordStamp())
        .thenCompose(
            verdict -> {
              if (verdict != UserStanding.Verdict.OUT) {
                return CompletableFuture.completedFuture(outcome);
              }
              forget(hash, null);
              return check(basic, credentials);
            });
  }

  /** Only what was right is remembered. */
  private void forget(String hash, @Nullable LoginOutcome outcome) {
    if (!(outcome instanceof LoginOutcome.Accepted)) {
      synchronized (entries) {
        entries.remove(hash);
      }
    }
  }

  private String hash(BasicCredentials basic) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      String both = basic.user().length() + ":" + basic.user() + basic.password().reveal();
      return HexFormat.of().formatHex(mac.doFinal(both.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reasons were told to the security log already, with the user's name. */
  private static Authentication authentication(LoginOutcome outcome) {
    if (outcome instanceof LoginOutcome.Accepted accepted) {
      return principal(accepted.user());
    }
    if (outcome instanceof LoginOutcome.Limited limited) {
      return new Authentication.Limited("", limited.retryAfter());
    }
    if (outcome instanceof LoginOutcome.Unavailable unavailable) {
      return new Authentication.Unavailable("", unavailable.retryAfter());
    }
    return Authentication.refused("");
  }

  private static Authentication principal(User user) {
    try {
      return new Authentication.Accepted(
          Principal.user(user.name()).method(Principal.Method.BASIC).roles(user.roles()).build());
    } catch (IllegalArgumentException outOfBounds) {
      return Authentication.refused("the user has more roles than are carried on");
    }
  }
}

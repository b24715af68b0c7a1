package io.restpipe.gateway;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.restpipe.event.Body;
import io.restpipe.event.Principal;
import io.restpipe.security.Authentication;
import io.restpipe.security.Credentials;
import io.restpipe.security.Revoked;
import io.restpipe.security.SecurityEventKind;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who made a request and whether it may go on, for listeners that ask. On the
 * connection's loop; authenticators may answer on any thread.
 */
final class Admission {

  private final HttpExchange exchange;
  private final RequestHead head;
  private final Route route;
  private final Body body;
  private final GatewayListener listener;
  private final @Nullable InetAddress address;

  private Admission(HttpExchange exchange, RequestHead head, Route route, Body body) {
    this.exchange = exchange;
    this.head = head;
    this.route = route;
    this.body = body;
    this.listener = exchange.gateway().listener;
    this.address = address(exchange.connection().remote());
    exchange.from(address);
  }

  private @Nullable InetAddress address(Remote remote) {
    InetAddress direct = remote.address();
    return direct == null || listener.proxies.isEmpty()
        ? direct
        : listener.proxies.caller(direct, head.headers().getAll(HeaderRules.FORWARDED_FOR));
  }

  /**
   * Lets a request go on, or refuses it, now or later.
   *
   * @throws ProblemException if it is refused now
   */
  static void of(HttpExchange exchange, RequestHead head, Route route, Body body) {
    new Admission(exchange, head, route, body).begin();
  }

  private void begin() {
    if (Cors.answered(exchange, head, listener.origins)) {
      body.discard();
      return;
    }
    if (route instanceof Route.ToEndpoint toEndpoint) {
      count(Principal.anonymous());
      refuseOtherSites();
      EndpointCall.start(exchange, head, toEndpoint, body, credentials());
    } else if (listener.open()) {
      go(exchange.connection().remote().principal());
    } else if (isOpen(route)) {
      go(Principal.anonymous());
    } else {
      authenticate();
    }
  }

  private boolean isOpen(Route route) {
    return route == Route.Page.HEARTBEAT || (route instanceof Route.Page && listener.openPages);
  }

  private void authenticate() {
    Revoked revoked = revoked();
    if (revoked != null) {
      settle(Authentication.refused("certificate " + revoked.problem(Instant.now()).what()));
      return;
    }
    var asked = Authenticating.ask(listener, credentials()).toCompletableFuture();
    if (asked.isDone()) {
      settle(asked.join());
    } else {
      EventLoop loop = exchange.connection().loop();
      asked.thenAccept(
          found -> {
            try {
              loop.execute(() -> later(found));
            } catch (RejectedExecutionException closed) {
              // The connection is gone, and the body with it.
            }
          });
    }
  }

  /** TLS has checked all but that, and at the beginning of the connection. */
  private @Nullable Revoked revoked() {
    List<X509Certificate> shown = exchange.connection().certificates();
    return shown.isEmpty()
        ? null
        : exchange.gateway().options.revocations().get().find(shown).orElse(null);
  }

  private void later(Authentication found) {
    if (exchange.done()) {
      body.discard();
    } else {
      RequestDispatch.guarded(exchange, body, () -> settle(found));
    }
  }

  private Credentials credentials() {
    HttpHeaders headers = head.headers();
    List<String> authorization = headers.getAll(HttpHeaderNames.AUTHORIZATION);
    if (authorization.size() > 1) {
      throw new ProblemException(
          Problem.badRequest("a request must have at most one Authorization header"));
    }
    return Credentials.builder()
        .authorization(authorization.isEmpty() ? null : authorization.get(0))
        .cookies(Cookies.of(headers))
        .certificates(exchange.connection().certificates())
        .address(address)
        .secure(secure())
        .build();
  }

  /** Whether nobody on the way could read along. */
  private boolean secure() {
    return https() || (exchange.connection().remote().local() && !throughProxy());
  }

  /** Whether the caller sees a URL that begins with https. */
  private boolean https() {
    return listener.https()
        || (throughProxy() && head.headers().contains("X-Forwarded-Proto", "https", true));
  }

  private boolean throughProxy() {
    InetAddress direct = exchange.connection().remote().address();
    return direct != null && listener.proxies.trusts(direct);
  }

  private void settle(Authentication found) {
    if (found instanceof Authentication.Accepted accepted) {
      known(accepted.principal());
    } else if (found instanceof Authentication.Refused refused) {
      exchange.credentialsRefused(refused.kind(), refused.reason());
      count(Principal.anonymous());
      List<String> challenges =
          refused.challenge().isEmpty()
              ? Authenticating.challenges(listener)
              : List.of(refused.challenge());
      throw unauthorized("wrong-credentials", "the credentials are not right", challenges);
    } else if (found instanceof Authentication.Limited limited) {
      exchange.credentialsRefused(SecurityEventKind.LOGIN_FAILED, limited.reason());
      throw tooMany("there were too many attempts", limited.retryAfter());
    } else if (found instanceof Authentication.Unavailable unavailable) {
      exchange.credentialsRefused(SecurityEventKind.LOGIN_FAILED, unavailable.reason());
      throw new ProblemException(
          Problem.of(503, "unavailable", "who you are cannot be found out now; try again")
              .retryAfter(unavailable.retryAfter()));
    } else {
      count(Principal.anonymous());
      throw unauthorized("unauthorized", "say who you are", Authenticating.challenges(listener));
    }
  }

  private static ProblemException unauthorized(
      String type, String detail, List<String> challenges) {
    if (challenges.isEmpty()) {
      // Only a challenge makes a 401 (RFC 9110 section 15.5.2), and for certificates there is none.
      return new ProblemException(
          Problem.of(403, "certificate-needed", "show a certificate in the TLS handshake"));
    }
    Problem problem = Problem.of(401, type, detail);
    for (String challenge : challenges) {
      problem = problem.with("WWW-Authenticate", challenge);
    }
    return new ProblemException(problem);
  }

  private static ProblemException tooMany(String detail, Duration retryAfter) {
    return new ProblemException(Problem.of(429, "rate-limit", detail).retryAfter(retryAfter));
  }

  private void known(Principal principal) {
    switch (principal.method()) {
      case COOKIE -> refuseUnproven();
      case BASIC, CERTIFICATE -> refuseOtherSites();
      case NONE, PIPE, BEARER -> {}
    }
    go(principal);
  }

  private void refuseUnproven() {
    if (!CrossSite.proven(head.method(), head.headers(), listener.origins, https())) {
      throw new ProblemException(
          Problem.of(
              403,
              "cross-site",
              "a request with a cookie must show that it comes from this site: repeat the cookie "
                  + Credentials.CSRF_COOKIE
                  + " in the header "
                  + Credentials.CSRF_HEADER));
    }
  }

  private void refuseOtherSites() {
    if (CrossSite.other(head.headers(), listener.origins, https())) {
      throw new ProblemException(
          Problem.of(403, "cross-site", "a page of another site is behind this request"));
    }
  }

  /** Counts the request against whoever made it: where nobody knows who, against the address. */
  private void count(Principal principal) {
    if (listener.rateLimit == null) {
      return;
    }
    boolean known =
        principal.kind() == Principal.Kind.USER || principal.kind() == Principal.Kind.PEER;
    Duration wait = listener.rateLimit.take(known ? principal.toString() : String.valueOf(address));
    if (wait != null) {
      throw tooMany("at most " + listener.rateLimit + " are allowed", wait);
    }
  }

  private void go(Principal principal) {
    count(principal);
    var caller = new Caller(principal, address);
    exchange.caller(caller);
    RequestDispatch.go(exchange, head, route, body, principal);
  }
}

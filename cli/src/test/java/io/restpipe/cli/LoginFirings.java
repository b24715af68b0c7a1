package io.restpipe.cli;

import io.restpipe.auth.jwt.DenialList;
import io.restpipe.auth.jwt.JwsAlgorithm;
import io.restpipe.auth.jwt.JwtIssuer;
import io.restpipe.auth.jwt.JwtVerifier;
import io.restpipe.auth.jwt.KeySet;
import io.restpipe.auth.jwt.SigningKey;
import io.restpipe.auth.jwt.TrustedIssuer;
import io.restpipe.auth.login.LoginEndpoint;
import io.restpipe.auth.login.LoginService;
import io.restpipe.auth.login.PasswordLogin;
import io.restpipe.auth.login.TokenAuthenticator;
import io.restpipe.auth.password.FileUserStore;
import io.restpipe.config.Secret;
import io.restpipe.event.Body;
import io.restpipe.event.Headers;
import io.restpipe.gateway.GatewayListener;
import io.restpipe.node.ServerNode;
import io.restpipe.security.Credentials;
import io.restpipe.security.HttpEndpoint.Request;
import io.restpipe.security.SecurityEventKind;
import io.restpipe.security.SecurityLog;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Makes the login service tell of users, and a gateway of their tokens. */
final class LoginFirings {

  private static final String RIGHT = "right horse";
  private static final String WRONG = "wrong horse";

  static final Map<SecurityEventKind, SecurityEventsPageTest.Firing> ALL = all();

  private LoginFirings() {}

  private static Map<SecurityEventKind, SecurityEventsPageTest.Firing> all() {
    var all =
        new EnumMap<SecurityEventKind, SecurityEventsPageTest.Firing>(SecurityEventKind.class);
    all.put(SecurityEventKind.LOGIN_SUCCEEDED, log -> logsIn(log, RIGHT));
    all.put(SecurityEventKind.LOGIN_FAILED, log -> logsIn(log, WRONG));
    all.put(SecurityEventKind.ACCOUNT_LOCKED, log -> logsIn(log, WRONG, WRONG, WRONG));
    all.put(SecurityEventKind.SIGNATURE_REFUSED, LoginFirings::showsForgedToken);
    return all;
  }

  /** A token of ann's that somebody has made one of root's. */
  private static void showsForgedToken(SecurityLog log) throws Exception {
    SigningKey known = SigningKey.generate(JwsAlgorithm.ES256);
    String[] parts =
        JwtIssuer.signingWith(known).name("login").build().issue("ann").token().split("\\.", -1);
    String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    byte[] changed = claims.replace("\"ann\"", "\"root\"").getBytes(StandardCharsets.UTF_8);
    String forged =
        String.join(
            ".",
            parts[0],
            Base64.getUrlEncoder().withoutPadding().encodeToString(changed),
            parts[2]);
    var verifier =
        JwtVerifier.trusting(
                TrustedIssuer.of(KeySet.of(known.verification())).name("login").build())
            .build();
    try (TokenAuthenticator tokens = TokenAuthenticator.of(verifier, null);
        ServerNode server =
            NodeFirings.server(log, GatewayListener.at("127.0.0.1:0").authenticator(tokens))) {
      HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(
                      URI.create(server.gatewayAddress().orElseThrow() + "/client/alpha/time"))
                  .header("Authorization", "Bearer " + forged)
                  .header("User-Agent", "curl/8.5")
                  .build(),
              BodyHandlers.discarding());
    }
  }

  private static void logsIn(SecurityLog log, String... passwords) throws Exception {
    SigningKey key = SigningKey.generate(JwsAlgorithm.ES256);
    var rules = new LoginService.SessionRules(null, Duration.ofDays(1), Duration.ofDays(2));
    try (ScratchFolder folder = ScratchFolder.make();
        FileUserStore users = FileUserStore.open(folder.path().resolve("users"));
        PasswordLogin login =
            PasswordLogin.with(users)
                .events(log)
                .lockout(3, Duration.ofMinutes(1))
                .failureTime(Duration.ZERO)
                .build();
        LoginService service =
            LoginService.open(
                login,
                JwtIssuer.signingWith(key).name("login").build(),
                DenialList.NONE,
                rules,
                InstantSource.system())) {
      users.add("ann", null, new Secret(RIGHT), Set.of());
      var verifier =
          JwtVerifier.trusting(
                  TrustedIssuer.of(KeySet.of(key.verification())).name("login").build())
              .build();
      var tokens = TokenAuthenticator.acceptingBareTokens(verifier, "access_token");
      var endpoint = new LoginEndpoint("/auth", service, tokens, Map::of);
      for (String password : List.of(passwords)) {
        endpoint.answer(request(password)).toCompletableFuture().get(20, TimeUnit.SECONDS);
      }
    }
  }

  private static Request request(String password) throws Exception {
    return new Request(
        "POST",
        "/auth/login",
        "",
        Headers.of("Content-Type", "application/x-www-form-urlencoded", "User-Agent", "curl/8.5"),
        Body.of("username=ann&password=" + URLEncoder.encode(password, StandardCharsets.UTF_8)),
        Credentials.builder().address(InetAddress.getByName("192.0.2.7")).build());
  }
}

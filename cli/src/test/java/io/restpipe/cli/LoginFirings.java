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
import io.restpipe.security.Credentials;
import io.restpipe.security.HttpEndpoint.Request;
import io.restpipe.security.SecurityEventKind;
import io.restpipe.security.SecurityLog;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Makes the login service tell of users. */
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
    return all;
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

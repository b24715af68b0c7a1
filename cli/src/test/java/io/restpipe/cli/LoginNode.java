package io.restpipe.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import io.restpipe.gateway.GatewayListener;
import io.restpipe.node.ServerNode;
import io.restpipe.security.SecurityLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** A server whose gateway asks for tokens and takes logins, behind a proxy on this machine. */
final class LoginNode implements AutoCloseable {

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final URI gateway;

  LoginNode(SecurityLog log, Path users) throws Exception {
    SigningKey key = SigningKey.generate(JwsAlgorithm.ES256);
    var rules = new LoginService.SessionRules(null, Duration.ofDays(1), Duration.ofDays(2));
    PasswordLogin login =
        opened(
            PasswordLogin.with(opened(FileUserStore.open(users)))
                .events(log)
                .failureTime(Duration.ZERO)
                .build());
    LoginService service =
        opened(
            LoginService.open(
                login,
                JwtIssuer.signingWith(key).name("login").build(),
                DenialList.NONE,
                rules,
                InstantSource.system()));
    var trusted = TrustedIssuer.of(KeySet.of(key.verification())).name("login").build();
    TokenAuthenticator tokens =
        opened(
            TokenAuthenticator.acceptingBareTokens(
                JwtVerifier.trusting(trusted).build(), "access_token"));
    ServerNode server =
        opened(
            NodeFirings.builder(
                    log,
                    GatewayListener.at("127.0.0.1:0")
                        .authenticator(tokens)
                        .trustedProxies(List.of("127.0.0.0/8")))
                .endpoint("/auth", new LoginEndpoint("/auth", service, tokens, Map::of))
                .start());
    gateway = URI.create(server.gatewayAddress().orElseThrow());
  }

  private <T extends AutoCloseable> T opened(T one) {
    open.push(one);
    return one;
  }

  /** Sends a login, in JSON, with further lines of the head. Says how it was answered. */
  String login(String json, String... lines) throws IOException {
    return http(
        "POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            + String.join("", lines)
            + ("Content-Length: " + json.length())
            + "\r\n\r\n"
            + json);
  }

  /** Sends a request as it is; the first line of the answer. */
  String http(String request) throws IOException {
    try (var socket = new Socket(gateway.getHost(), gateway.getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(UTF_8));
      var answer = new ByteArrayOutputStream();
      for (int c = socket.getInputStream().read();
          c >= 0 && c != '\n';
          c = socket.getInputStream().read()) {
        answer.write(c);
      }
      return answer.toString(UTF_8);
    }
  }

  @Override
  public void close() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }
}

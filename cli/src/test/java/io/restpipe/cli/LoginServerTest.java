package io.restpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A login server and an API server, two processes with a token between them, as users run them. */
class LoginServerTest {

  private static final String FORM = "application/x-www-form-urlencoded";

  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private Path login = Path.of("");
  private Path api = Path.of("");

  @BeforeEach
  void install() {
    login = folder.resolve("login");
    api = folder.resolve("api");
    Path ca = folder.resolve("ca");
    assertThat(new Captured().ca().run("init", ca.toString())).isZero();
    assertThat(new Captured().ca().run("issue", "pipe", "--server", "--dir", ca.toString()))
        .isZero();
    var captured = new Captured();
    assertThat(
            captured
                .server()
                .run(
                    "set-identity",
                    ca.resolve("pipe.key.pem").toString(),
                    ca.resolve("pipe.crt.pem").toString(),
                    ca.resolve("ca.crt.pem").toString(),
                    "--cert-path",
                    api.toString()))
        .as(captured.err())
        .isZero();
    var user = new Captured(Map.of(), "correct horse\n");
    assertThat(
            user.server()
                .run("user", "add", "ann", "--role", "admin", "--cert-path", login.toString()))
        .as(user.err())
        .isZero();
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String url, String form)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", FORM)
            .POST(BodyPublishers.ofString(form)));
  }

  private static HttpRequest.Builder get(String url, String authorization) {
    return HttpRequest.newBuilder(URI.create(url)).header("Authorization", authorization);
  }

  private static String token(HttpResponse<String> answer) {
    Matcher matcher = Pattern.compile("\"access_token\":\"([^\"]+)").matcher(answer.body());
    assertThat(matcher.find()).as(answer.body()).isTrue();
    return matcher.group(1);
  }

  @Test
  void a_token_of_the_one_is_believed_by_the_other() throws Exception {
    try (Running server =
        Running.start(
            RpServer.class,
            Map.of("RP_STATSD_HOST", "", "RP_STATSD_PORT", ""),
            "login",
            "--gateway",
            "127.0.0.1:0",
            "--cert-path",
            login.toString(),
            "--jwt-issuer",
            "https://login.example.org")) {
      String base = server.await("rp-server login ready: ") + "/auth";
      assertThat(post(base + "/login", "username=ann&password=wrong").statusCode()).isEqualTo(401);
      HttpResponse<String> answer = post(base + "/login", "username=ann&password=correct+horse");
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      String bearer = "Bearer " + token(answer);
      assertThat(send(get(base + "/me", bearer)).body()).contains("\"name\":\"ann\"");
      apiBelieves(base, bearer);
      String basic =
          "Basic " + Base64.getEncoder().encodeToString("ann:correct horse".getBytes("UTF-8"));
      assertThat(send(get(base + "/login", basic).POST(BodyPublishers.noBody())).statusCode())
          .isEqualTo(200);
      assertThat(send(get(base + "/logout", bearer).POST(BodyPublishers.noBody())).statusCode())
          .isEqualTo(204);
      assertThat(send(get(base + "/me", bearer)).statusCode()).isEqualTo(401);
      server.process().destroy();
      assertThat(server.ended()).isZero();
      assertThat(String.join("\n", server.rest()))
          .doesNotContain(bearer.substring(7))
          .doesNotContain("correct horse");
    }
  }

  private void apiBelieves(String base, String bearer) throws Exception {
    Path keys = folder.resolve("jwks.json");
    Files.writeString(keys, send(get(base + "/jwks.json", "")).body());
    try (Running server =
        Running.start(
            RpServer.class,
            Map.of("RP_STATSD_HOST", "", "RP_STATSD_PORT", ""),
            "start",
            "--bind-interface",
            "127.0.0.1",
            "--bind-port",
            "0",
            "--gateway",
            "127.0.0.1:0",
            "--gateway-authentication",
            "token",
            "--jwt-verify-key-file",
            keys.toString(),
            "--jwt-issuer",
            "https://login.example.org",
            "--cert-path",
            api.toString())) {
      String ready = server.await("rp-server ready: ");
      String url = ready.substring(ready.indexOf("http://")) + "/client/nobody/time";
      assertThat(send(HttpRequest.newBuilder(URI.create(url))).statusCode()).isEqualTo(401);
      assertThat(send(get(url, bearer + "x")).statusCode()).isEqualTo(401);
      HttpResponse<String> believed = send(get(url, bearer));
      assertThat(believed.statusCode()).as(believed.body()).isEqualTo(404);
      server.process().destroy();
      assertThat(server.ended()).isZero();
    }
  }

  @Test
  void an_administrator_is_made_and_logs_in_at_the_servers_own_gateway() throws Exception {
    Path password = folder.resolve("password");
    Files.writeString(password, "admin pass phrase\n");
    try (Running server =
        Running.start(
            RpServer.class,
            Map.of(
                "RP_STATSD_HOST",
                "",
                "RP_STATSD_PORT",
                "",
                "RP_USERS_ADMIN_PASSWORD_FILE",
                password.toString()),
            "start",
            "--bind-interface",
            "127.0.0.1",
            "--bind-port",
            "0",
            "--gateway",
            "127.0.0.1:0",
            "--create-admin",
            "--users-stores",
            "sql",
            "--cert-path",
            api.toString())) {
      String ready = server.await("rp-server ready: ");
      String base = ready.substring(ready.indexOf("http://"));

      HttpResponse<String> answer =
          post(base + "/auth/login", "username=admin&password=admin+pass+phrase");

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body()).contains("\"roles\":[\"admin\"]");
      server.process().destroy();
      assertThat(server.ended()).isZero();
    }
  }
}

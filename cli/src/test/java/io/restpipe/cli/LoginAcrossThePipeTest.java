package io.restpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.auth.identity.Issuance;
import io.restpipe.security.Identity;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.NodeRole;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From a login over HTTPS to a handler behind the pipe and back, by the commands as processes. */
@Timeout(180)
class LoginAcrossThePipeTest {

  private static final String PASSWORD = "correct horse battery";

  @TempDir private static Path folder;

  private static HttpClient http;

  @BeforeAll
  static void install() throws Exception {
    var authority = CertificateAuthority.inMemory("Test");
    Identity server = authority.identity(Issuance.server("hub").dns("localhost").ip("127.0.0.1"));
    IdentityFiles.in(folder, NodeRole.SERVER).write(server);
    IdentityFiles.in(folder, NodeRole.CLIENT).write(authority.identity("box", NodeRole.CLIENT));
    Files.writeString(
        folder.resolve("policy"),
        """
        allow role:operator GET time on client:box
        allow users GET cat on client:box
        """);
    user("olga", "operator");
    user("pia");
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", server.trustAnchors().get(0));
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    http = HttpClient.newBuilder().sslContext(context).build();
  }

  private static void user(String name, String... roles) throws IOException {
    var captured = new Captured(Map.of("RP_SERVER_CERT_PATH", folder.toString()), PASSWORD + "\n");
    assertThat(captured.server().run("user", "add", name)).as(captured.err()).isZero();
    for (String role : roles) {
      var second = new Captured(Map.of("RP_SERVER_CERT_PATH", folder.toString()), "");
      assertThat(second.server().run("user", "role", name, role)).as(second.err()).isZero();
    }
  }

  private static Map<String, String> environment() {
    var environment = new HashMap<String, String>();
    environment.put("RP_STATSD_HOST", "");
    environment.put("RP_STATSD_PORT", "");
    environment.put("RP_SERVER_BIND_INTERFACE", "127.0.0.1");
    environment.put("RP_SERVER_BIND_PORT", "0");
    environment.put("RP_SERVER_CERT_PATH", folder.toString());
    environment.put("RP_CLIENT_CERT_PATH", folder.toString());
    environment.put("RP_SERVER_GATEWAY", "127.0.0.1:0");
    environment.put("RP_CLIENT_GATEWAY", "127.0.0.1:0");
    environment.put("RP_HTTPS_LISTEN", "127.0.0.1:0");
    environment.put("RP_SERVER_POLICY", folder.resolve("policy").toString());
    return environment;
  }

  @Test
  void a_user_logs_in_calls_and_logs_out() throws Exception {
    try (Running server = Running.start(RpServer.class, environment(), "start")) {
      String ready = server.await("rp-server ready: pipe ");
      String https = ready.substring(ready.indexOf("https://"));
      Map<String, String> ofClient = environment();
      ofClient.remove("RP_HTTPS_LISTEN");
      ofClient.put("RP_CLIENT_TARGET_HOSTNAME", "localhost");
      ofClient.put(
          "RP_CLIENT_TARGET_PORT", ready.substring(ready.indexOf(':') + 1, ready.indexOf(',')));
      try (Running client = Running.start(RpClient.class, ofClient, "start")) {
        client.await("rp-client connected");

        assertThat(get(https + "/client/box/time", "").statusCode()).isEqualTo(401);
        assertThat(login(https, "olga", "wrong").statusCode()).isEqualTo(401);
        String olga = token(login(https, "olga", PASSWORD));
        assertThat(get(https + "/client/box/time", olga).statusCode()).isEqualTo(200);
        String pia = token(login(https, "pia", PASSWORD));
        assertThat(get(https + "/client/box/time", pia).statusCode()).isEqualTo(403);
        assertThat(get(https + "/client/box/cat//a/b", pia).statusCode()).isEqualTo(200);

        HttpResponse<String> out = send("POST", https + "/auth/logout", "", "Bearer " + olga);
        assertThat(out.statusCode()).isBetween(200, 204);
        assertThat(get(https + "/client/box/time", olga).statusCode()).isEqualTo(401);
      }
    }
  }

  @Test
  void a_client_knows_its_own_callers_by_tokens_of_the_server() throws Exception {
    try (Running server = Running.start(RpServer.class, environment(), "start")) {
      String ready = server.await("rp-server ready: pipe ");
      String https = ready.substring(ready.indexOf("https://"));
      Files.writeString(folder.resolve("jwks.json"), get(https + "/auth/jwks.json", "").body());
      Files.writeString(
          folder.resolve("client-policy"), "allow role:operator GET time on server\n");
      Map<String, String> ofClient = environment();
      ofClient.remove("RP_HTTPS_LISTEN");
      ofClient.put("RP_CLIENT_TARGET_HOSTNAME", "localhost");
      ofClient.put(
          "RP_CLIENT_TARGET_PORT", ready.substring(ready.indexOf(':') + 1, ready.indexOf(',')));
      ofClient.put("RP_GATEWAY_AUTHENTICATION", "token");
      ofClient.put("RP_JWT_VERIFY_KEY_FILE", folder.resolve("jwks.json").toString());
      ofClient.put("RP_CLIENT_POLICY", folder.resolve("client-policy").toString());
      try (Running client = Running.start(RpClient.class, ofClient, "start")) {
        String gateway = client.await("rp-client ready: gateway ");
        client.await("rp-client connected");

        assertThat(get(gateway + "/server/time", "").statusCode()).isEqualTo(401);
        String olga = token(login(https, "olga", PASSWORD));
        assertThat(get(gateway + "/server/time", olga).statusCode()).isEqualTo(200);
        String pia = token(login(https, "pia", PASSWORD));
        HttpResponse<String> refused = get(gateway + "/server/time", pia);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("user pia: GET time on the server");
        assertThat(get(gateway + "/auth/login", "").statusCode()).isEqualTo(404);
      }
      ofClient.put("RP_GATEWAY_AUTHENTICATION", "basic");
      try (Running client = Running.start(RpClient.class, ofClient, "start")) {
        client.awaitPart("a client has none, but takes tokens");
        assertThat(client.ended()).isEqualTo(ExitCode.USAGE);
      }
    }
  }

  @Test
  void a_login_server_alone_gives_tokens() throws Exception {
    try (Running server = Running.start(RpServer.class, environment(), "login")) {
      String ready = server.await("rp-server login ready: ");
      String https = ready.substring(ready.indexOf("https://"));

      String olga = token(login(https, "olga", PASSWORD));

      HttpResponse<String> me = send("GET", https + "/auth/me", "", "Bearer " + olga);
      assertThat(me.body()).contains("olga", "operator");
      assertThat(get(https + "/client/box/time", olga).statusCode()).isEqualTo(404);
    }
  }

  private static String token(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode body = JsonMapper.shared().readTree(answer.body());
    return body.path("access_token").asString("");
  }

  private static HttpResponse<String> login(String https, String name, String password)
      throws Exception {
    return send(
        "POST",
        https + "/auth/login",
        "{\"username\": \"" + name + "\", \"password\": \"" + password + "\"}",
        "");
  }

  private static HttpResponse<String> get(String uri, String token) throws Exception {
    return send("GET", uri, "", token.isEmpty() ? "" : "Bearer " + token);
  }

  private static HttpResponse<String> send(
      String method, String uri, String body, String authorization) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(uri))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}

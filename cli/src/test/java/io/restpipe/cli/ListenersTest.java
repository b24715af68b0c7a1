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
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several gateways of one node, each with a certificate, callers and limits of its own. */
@Timeout(180)
class ListenersTest {

  private static final CertificateAuthority AUTHORITY = CertificateAuthority.inMemory("Ours");
  private static final CertificateAuthority PARTNERS = CertificateAuthority.inMemory("Partners");

  @TempDir private static Path folder;

  @BeforeAll
  static void install() throws Exception {
    IdentityFiles.in(folder, NodeRole.SERVER)
        .write(AUTHORITY.identity(Issuance.server("hub").dns("localhost").ip("127.0.0.1")));
    IdentityFiles.in(Files.createDirectory(folder.resolve("partners")), NodeRole.SERVER)
        .write(PARTNERS.identity(Issuance.server("gate").ip("127.0.0.1")));
    var captured =
        new Captured(Map.of("RP_SERVER_CERT_PATH", folder.toString()), "correct horse\n");
    assertThat(captured.server().run("user", "add", "ann")).as(captured.err()).isZero();
    Files.writeString(
        folder.resolve("rp-server.ini"),
        """
        [https]
        listen = 127.0.0.1:0
        authentication = basic

        [gateway]
        max_body = 1KiB
        origins = https://app.example

        [https:partners]
        listen = 127.0.0.1:0
        authentication = certificate_required
        key_file = partners/restpipe.server.key.pem
        crt_file = partners/restpipe.server.crt.pem
        ca_file = partners/ca.crt.pem
        max_body = 10KiB
        origins = https://partner.example
        rate_limit = 1
        rate_burst = 3
        """);
  }

  private static Map<String, String> environment() {
    var environment = new HashMap<String, String>();
    environment.put("RP_STATSD_HOST", "");
    environment.put("RP_STATSD_PORT", "");
    environment.put("RP_SERVER_BIND_INTERFACE", "127.0.0.1");
    environment.put("RP_SERVER_BIND_PORT", "0");
    environment.put("RP_SERVER_GATEWAY", "127.0.0.1:0");
    environment.put("RP_SERVER_CERT_PATH", folder.toString());
    environment.put("RP_PEER_WAIT_S", "0");
    return environment;
  }

  private static HttpClient client(CertificateAuthority trusted, Identity own) throws Exception {
    var anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    anchors.setCertificateEntry("ca", trusted.identity("x", NodeRole.CLIENT).trustAnchors().get(0));
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(anchors);
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    if (own != null) {
      store.setKeyEntry(
          "me", own.privateKey(), new char[0], own.chain().toArray(X509Certificate[]::new));
    }
    var keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  private static HttpResponse<String> post(HttpClient http, String base, int size, String... more)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + "/client/nobody/x"))
            .POST(BodyPublishers.ofByteArray(new byte[size]));
    for (int i = 0; i < more.length; i += 2) {
      request.header(more[i], more[i + 1]);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  @Test
  void each_has_its_own_certificate_callers_and_limits() throws Exception {
    try (Running server = Running.start(RpServer.class, environment(), "start")) {
      String[] gateways = server.await("rp-server ready: pipe ").split(", ", -1);
      String users = gateways[2];
      String partners = gateways[3];
      HttpClient user = client(AUTHORITY, null);
      HttpClient partner = client(PARTNERS, PARTNERS.identity("acme", NodeRole.CLIENT));
      String[] ann = {"Authorization", "Basic YW5uOmNvcnJlY3QgaG9yc2U="};

      assertThat(post(user, users, 10, ann).statusCode()).isEqualTo(404);
      assertThat(post(user, users, 2000, ann).statusCode()).isEqualTo(413);
      assertThat(post(partner, partners, 2000).statusCode()).isEqualTo(404);
      assertThat(post(partner, partners, 20000).statusCode()).isEqualTo(413);
      assertThat(post(partner, partners, 10, "Origin", "https://partner.example").headers())
          .satisfies(
              headers -> assertThat(headers.firstValue("Access-Control-Allow-Origin")).isPresent());

      // Basic is for the others, and so are their many requests.
      assertThat(post(partner, partners, 10, ann).statusCode()).isIn(404, 429);
      var statuses = new ArrayList<Integer>();
      for (int i = 0; i < 6; i++) {
        statuses.add(post(partner, partners, 10).statusCode());
      }
      assertThat(statuses).contains(429);
      for (int i = 0; i < 6; i++) {
        assertThat(post(user, users, 10, ann).statusCode()).isEqualTo(404);
      }
    }
  }

  @Test
  void what_is_wrong_in_a_section_is_said_before_anything_starts() throws Exception {
    for (Map.Entry<String, String> wrong :
        Map.of(
                "listen = 127.0.0.1:0\nmaxbody = 1",
                "https:x.maxbody (FILE:3): there is no such key; did you mean https:x.max_body?",
                "authentication = basic",
                "https:x.listen = (empty): must say where to listen: HOST:PORT,...",
                "listen = 127.0.0.1:0\nauthentication = bsic",
                "https:x.authentication = bsic (FILE:3): must be")
            .entrySet()) {
      Path file =
          Files.writeString(folder.resolve("wrong.ini"), "[https:x]\n" + wrong.getKey() + "\n");
      for (List<String> command : List.of(List.of("config", "check"), List.of("start"))) {
        var captured = new Captured(environment(), "");
        var all = new ArrayList<>(command);
        all.addAll(List.of("-c", file.toString()));

        assertThat(captured.server().run(all.toArray(String[]::new))).isEqualTo(ExitCode.USAGE);
        assertThat(captured.err().replace(file.toString(), "FILE")).contains(wrong.getValue());
      }
    }
  }
}

package io.restpipe.auth.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.auth.identity.Issuance;
import io.restpipe.config.Secret;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.NodeRole;
import io.restpipe.security.Pem;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a directory server on real sockets, with TLS and without. */
class LdapUserStoreTest {

  private static final String BASE = "dc=example,dc=org";
  private static final Secret PASSWORD = new Secret("correct horse");
  private static final Secret WRONG = new Secret("wrong horse");

  @TempDir private static Path folder;
  private static SSLContext serverTls;
  private static SSLContext clientTls;

  private InMemoryDirectoryServer server;
  private int port;
  private int tlsPort;

  @BeforeEach
  void start() throws Exception {
    if (serverTls == null) {
      makeTls();
    }
    port = freePort();
    tlsPort = freePort();
    var config = new InMemoryDirectoryServerConfig(BASE);
    config.addAdditionalBindCredentials("cn=search," + BASE, "search password");
    config.setSchema(null);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    config.setListenerConfigs(
        InMemoryListenerConfig.createLDAPConfig(
            "ldap", loopback, port, serverTls.getSocketFactory()),
        InMemoryListenerConfig.createLDAPSConfig(
            "ldaps", loopback, tlsPort, serverTls.getServerSocketFactory(), null));
    server = new InMemoryDirectoryServer(config);
    server.add("dn: " + BASE, "objectClass: domain", "dc: example");
    server.add("dn: ou=people," + BASE, "objectClass: organizationalUnit", "ou: people");
    server.add("dn: ou=groups," + BASE, "objectClass: organizationalUnit", "ou: groups");
    person("ann", "memberOf: cn=admins,ou=groups," + BASE);
    person("bob", "memberOf: cn=others,ou=groups," + BASE);
    person("o\\2Cne", "memberOf: cn=others,ou=groups," + BASE);
    server.add(
        "dn: cn=operators,ou=groups," + BASE,
        "objectClass: groupOfNames",
        "cn: operators",
        "member: uid=bob,ou=people," + BASE);
    server.startListening();
  }

  private void person(String uid, String more) throws Exception {
    server.add(
        "dn: uid=" + uid + ",ou=people," + BASE,
        "objectClass: inetOrgPerson",
        "uid: " + uid.replace("\\2C", ","),
        "cn: " + uid,
        "sn: " + uid,
        "mail: " + uid + "@example.org",
        "userPassword: correct horse",
        more);
  }

  private static int freePort() throws Exception {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void makeTls() throws Exception {
    CertificateAuthority authority = CertificateAuthority.init(folder, "LDAP CA");
    IdentityFiles files =
        authority.issue(
            Issuance.of("ldap", NodeRole.SERVER).dns(List.of("localhost")).ip(List.of("127.0.0.1")),
            folder);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry(
        "server",
        Pem.readPrivateKey(files.key()),
        new char[0],
        Pem.readCertificates(files.chain()).toArray(X509Certificate[]::new));
    keys.setCertificateEntry("ca", Pem.readCertificates(files.trustAnchors()).get(0));
    var keyManagers = KeyManagerFactory.getInstance("PKIX");
    keyManagers.init(keys, new char[0]);
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    anchors.setCertificateEntry("ca", Pem.readCertificates(files.trustAnchors()).get(0));
    var trustManagers = TrustManagerFactory.getInstance("PKIX");
    trustManagers.init(anchors);
    serverTls = SSLContext.getInstance("TLS");
    serverTls.init(keyManagers.getKeyManagers(), null, null);
    clientTls = SSLContext.getInstance("TLS");
    clientTls.init(null, trustManagers.getTrustManagers(), null);
  }

  @AfterEach
  void stop() {
    server.shutDown(true);
  }

  private LdapSettings.Builder plain() {
    return LdapSettings.on(URI.create("ldap://127.0.0.1:" + port));
  }

  private LdapSettings.Builder searching(LdapSettings.Builder builder) {
    return builder
        .search("ou=people," + BASE, "(|(uid={login})(mail={login}))")
        .bind("cn=search," + BASE, new Secret("search password"))
        .roles(Map.of("cn=admins, ou=groups, " + BASE, "admin", "operators", "operator"))
        .groups("ou=groups," + BASE, "(member={dn})");
  }

  private static void assertLogsIn(LdapUserStore store) throws Exception {
    User ann = store.find("ann").orElseThrow().check(PASSWORD).orElseThrow();
    assertThat(ann.name()).isEqualTo("ann");
    assertThat(store.find("ann").orElseThrow().check(WRONG)).isEmpty();
    assertThat(store.find("ann").orElseThrow().check(new Secret(""))).isEmpty();
    store.checkNobody(PASSWORD);
  }

  @Test
  void searches_then_binds_and_maps_groups_to_roles() throws Exception {
    try (var store = LdapUserStore.open(searching(plain()).build())) {
      assertLogsIn(store);
      assertThat(store.find("ann").orElseThrow().user().orElseThrow().roles())
          .containsExactly("admin");
      assertThat(store.find("bob@example.org").orElseThrow().check(PASSWORD).orElseThrow().roles())
          .containsExactly("operator");
      assertThat(store.find("carol")).isEmpty();
      // A bind as a user does not leave its rights behind on a pooled connection.
      assertThat(store.find("bob")).isPresent();
    }
  }

  @Test
  void binds_as_the_user() throws Exception {
    var settings =
        plain()
            .dnTemplate("uid={login},ou=people," + BASE)
            .roles(Map.of("admins", "admin"))
            .build();
    try (var store = LdapUserStore.open(settings)) {
      assertLogsIn(store);
      User ann = store.find("ann").orElseThrow().check(PASSWORD).orElseThrow();
      assertThat(ann.roles()).containsExactly("admin");
      assertThat(store.find("carol").orElseThrow().check(PASSWORD)).isEmpty();
      assertThat(store.find("o,ne").orElseThrow().check(PASSWORD)).isPresent();
    }
  }

  @Test
  void what_is_typed_is_never_part_of_a_filter_or_a_dn() throws Exception {
    try (var searching = LdapUserStore.open(searching(plain()).build());
        var binding =
            LdapUserStore.open(plain().dnTemplate("uid={login},ou=people," + BASE).build())) {
      for (String login :
          List.of(
              "*",
              "a*",
              "ann)(uid=*",
              "*)(objectClass=*",
              "ann))(|(uid=*",
              "\\61nn",
              "ann\u0000",
              "ann,ou=people",
              "ann,ou=people," + BASE,
              "ann+cn=x",
              "#616e6e",
              "ann\n",
              " ",
              "")) {
        assertThat(searching.find(login)).as(login).isEmpty();
        var account = binding.find(login);
        if (account.isPresent()) {
          assertThat(account.orElseThrow().check(PASSWORD)).as(login).isEmpty();
        }
      }
    }
  }

  @Test
  void speaks_tls_and_checks_whose_name_it_is() throws Exception {
    var ldaps =
        searching(LdapSettings.on(URI.create("ldaps://localhost:" + tlsPort)))
            .tls(clientTls.getSocketFactory())
            .build();
    try (var store = LdapUserStore.open(ldaps)) {
      assertLogsIn(store);
    }
    var startTls = searching(plain()).startTls(true).tls(clientTls.getSocketFactory()).build();
    try (var store = LdapUserStore.open(startTls)) {
      assertLogsIn(store);
    }
    var otherAuthority =
        searching(LdapSettings.on(URI.create("ldaps://localhost:" + tlsPort))).build();
    try (var store = LdapUserStore.open(otherAuthority)) {
      assertThatThrownBy(() -> store.find("ann")).isInstanceOf(StoreException.class);
    }
    var otherName =
        searching(LdapSettings.on(URI.create("ldaps://127.0.0.2:" + tlsPort)))
            .tls(clientTls.getSocketFactory())
            .build();
    try (var store = LdapUserStore.open(otherName)) {
      assertThatThrownBy(() -> store.find("ann")).isInstanceOf(StoreException.class);
    }
  }

  @Test
  void goes_away_and_comes_back() throws Exception {
    try (var store = LdapUserStore.open(searching(plain()).build())) {
      assertLogsIn(store);
      var account = store.find("ann").orElseThrow();

      server.shutDown(true);
      assertThatThrownBy(() -> store.find("ann"))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("can't be asked");
      assertThatThrownBy(() -> account.check(PASSWORD)).isInstanceOf(StoreException.class);
      assertThatThrownBy(() -> store.checkNobody(PASSWORD)).isInstanceOf(StoreException.class);

      server.startListening();
      assertLogsIn(store);
    }
  }

  @Test
  void a_wrong_search_account_is_no_users_fault() {
    var settings = searching(plain()).bind("cn=search," + BASE, new Secret("wrong")).build();
    try (var store = LdapUserStore.open(settings)) {
      assertThatThrownBy(() -> store.find("ann")).isInstanceOf(StoreException.class);
    }
  }

  @Test
  void passwords_do_not_cross_a_network_in_the_clear() {
    assertThatThrownBy(
            () ->
                LdapSettings.on(URI.create("ldap://ldap.example.org"))
                    .search(BASE, "(uid={login})")
                    .build())
        .hasMessageContaining("would carry passwords in the clear; use ldaps://");
    assertThatThrownBy(
            () -> LdapSettings.on(URI.create("ldaps://h")).search(BASE, "(uid=*)").build())
        .hasMessage("the filter has no {login} in it: (uid=*)");
  }
}

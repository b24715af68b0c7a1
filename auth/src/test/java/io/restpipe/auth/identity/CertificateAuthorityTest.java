package io.restpipe.auth.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.restpipe.security.CertificateCheck;
import io.restpipe.security.CertificateProblem;
import io.restpipe.security.Identity;
import io.restpipe.security.IdentityException;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.NodeRole;
import io.restpipe.security.PassphraseSource;
import io.restpipe.security.PeerName;
import io.restpipe.security.Pem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateAuthorityTest {

  private static final int URI = 6;
  private static final int DNS = 2;
  private static final int IP = 7;

  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);

  @TempDir Path folder;

  @Test
  void an_authority_signs_certificates_for_ten_years_and_nothing_else() {
    X509Certificate certificate = CertificateAuthority.inMemory("our CA", CLOCK).certificate();

    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=our CA");
    assertThat(certificate.getBasicConstraints()).isNotNegative();
    assertThat(certificate.getKeyUsage())
        .containsExactly(false, false, false, false, false, true, true, false, false);
    assertThat(certificate.getNotBefore()).isEqualTo(NOW.minus(Duration.ofHours(1)));
    assertThat(certificate.getNotAfter()).isEqualTo(NOW.plus(Duration.ofDays(3652)));
    assertThat(certificate.getSigAlgName()).isEqualTo("SHA256withECDSA");
    assertThat(certificate.getCriticalExtensionOIDs()).containsExactly("2.5.29.15", "2.5.29.19");
  }

  @Test
  void a_server_gets_a_certificate_for_its_names() throws Exception {
    var authority = CertificateAuthority.inMemory("our CA", CLOCK);
    var issuance =
        Issuance.server("hub")
            .dns("hub.example.com", "*.hub.example.com")
            .ip("10.1.2.3", "fe80::1");

    Identity identity = authority.identity(issuance);

    X509Certificate certificate = identity.certificate();
    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=hub");
    assertThat(certificate.getIssuerX500Principal().getName()).isEqualTo("CN=our CA");
    assertThat(certificate.getBasicConstraints()).isNegative();
    assertThat(certificate.getKeyUsage()[0]).isTrue();
    assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(certificate.getSubjectAlternativeNames())
        .containsExactlyInAnyOrder(
            List.of(URI, "restpipe://hub"),
            List.of(DNS, "hub.example.com"),
            List.of(DNS, "*.hub.example.com"),
            List.of(IP, "10.1.2.3"),
            List.of(IP, "fe80:0:0:0:0:0:0:1"));
    assertThat(certificate.getNotAfter())
        .isEqualTo(NOW.plus(Duration.ofDays(825)).minus(Duration.ofHours(1)));
    assertThat(PeerName.of(certificate)).contains("hub");
    assertThat(Identity.fits(identity.privateKey(), certificate.getPublicKey())).isTrue();
    assertThat(problems(identity, NodeRole.SERVER)).isEmpty();
  }

  @Test
  void a_server_without_names_gets_those_of_its_own_machine() throws Exception {
    var authority = CertificateAuthority.inMemory("our CA", CLOCK);

    assertThat(
            authority.identity("hub", NodeRole.SERVER).certificate().getSubjectAlternativeNames())
        .containsExactlyInAnyOrder(
            List.of(URI, "restpipe://hub"),
            List.of(DNS, "localhost"),
            List.of(DNS, "hub"),
            List.of(IP, "127.0.0.1"),
            List.of(IP, "0:0:0:0:0:0:0:1"));
    // An underscore is no part of a host name.
    assertThat(Issuance.server("hub_1").dnsNames()).containsExactly("localhost");
    assertThat(Issuance.server("localhost").dnsNames()).containsExactly("localhost");
  }

  @Test
  void a_client_gets_a_certificate_for_its_name_only() throws Exception {
    Identity identity =
        CertificateAuthority.inMemory("our CA", CLOCK).identity("file_1", NodeRole.CLIENT);

    X509Certificate certificate = identity.certificate();
    assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(certificate.getSubjectAlternativeNames())
        .containsExactly(List.of(URI, "restpipe://file_1"));
    assertThat(problems(identity, NodeRole.CLIENT)).isEmpty();
    assertThat(problems(identity, NodeRole.SERVER))
        .extracting(CertificateProblem::kind)
        .containsExactly(CertificateProblem.Kind.WRONG_USAGE);
  }

  @Test
  void a_certificate_does_not_outlive_its_authority() {
    var authority = CertificateAuthority.inMemory("our CA", CLOCK);

    Identity identity =
        authority.identity(Issuance.client("long").validFor(Duration.ofDays(36_500)));

    assertThat(identity.certificate().getNotAfter())
        .isEqualTo(authority.certificate().getNotAfter());
  }

  @Test
  void a_certificate_is_valid_when_it_was_asked_to_be() {
    Instant from = Instant.parse("2020-01-01T00:00:00Z");
    Identity identity =
        CertificateAuthority.inMemory("our CA", CLOCK)
            .identity(Issuance.client("old").valid(from, from.plusSeconds(60)));

    assertThat(identity.certificate().getNotBefore()).isEqualTo(from);
    assertThat(identity.certificate().getNotAfter()).isEqualTo(from.plusSeconds(60));
    assertThat(problems(identity, NodeRole.CLIENT))
        .extracting(CertificateProblem::kind)
        .containsExactly(CertificateProblem.Kind.EXPIRED);
  }

  @Test
  void serial_numbers_are_positive_random_and_never_the_same() {
    var authority = CertificateAuthority.inMemory("our CA");
    Set<BigInteger> serials = new HashSet<>();

    for (int i = 0; i < 200; i++) {
      BigInteger serial =
          authority.identity("n" + i, NodeRole.CLIENT).certificate().getSerialNumber();
      assertThat(serial.signum()).isPositive();
      assertThat(serial.toByteArray()).hasSizeBetween(16, 20);
      serials.add(serial);
    }

    assertThat(serials).hasSize(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "../x", "a b", "-x", ".x", "h\u00fcb", "ca", "intermediate"})
  void a_name_that_is_no_name_is_refused(String name) {
    assertThatThrownBy(() -> Issuance.client(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("name of a node: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a_b", "-a", "a..b", "*.*.a", "a.*", "*", "a b", "a,DNS:b"})
  void a_host_name_that_is_none_is_refused(String name) {
    assertThatThrownBy(() -> Issuance.server("hub").dns(name))
        .hasMessage("not a DNS host name: \"" + name + "\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1.2.3",
        "1.2.3.4.",
        "256.1.1.1",
        "1.2.3.4/8",
        "localhost",
        ":",
        "::1%lo",
        "g::1"
      })
  void an_address_that_is_none_is_refused(String address) {
    assertThatThrownBy(() -> Issuance.server("hub").ip(address))
        .hasMessage("not an IPv4 or IPv6 address: \"" + address + "\"");
  }

  @Test
  void an_authority_in_a_folder_is_there_when_it_is_opened() throws IOException {
    Path home = folder.resolve("new/ca");

    CertificateAuthority made = CertificateAuthority.init(home, "our CA");
    CertificateAuthority opened = CertificateAuthority.open(home);

    assertThat(opened.certificate()).isEqualTo(made.certificate());
    assertThat(listing(home))
        .containsExactly(
            "rw-r--r-- ca.crl.pem",
            "rw-r--r-- ca.crt.pem",
            "rw------- ca.key.pem",
            "rw-r--r-- intermediate.crt.pem",
            "rw------- intermediate.key.pem");
    assertThat(permissions(home)).isEqualTo("rwx------");
    Identity identity = opened.identity("hub", NodeRole.SERVER);
    assertThat(
            new CertificateCheck(List.of(made.certificate()), NodeRole.SERVER, Instant.now())
                .problems(identity.chain()))
        .isEmpty();
  }

  @Test
  void an_authority_that_is_there_is_left_as_it_is() throws IOException {
    CertificateAuthority first = CertificateAuthority.init(folder, "our CA");
    byte[] key = Files.readAllBytes(folder.resolve("ca.key.pem"));

    assertThatThrownBy(() -> CertificateAuthority.init(folder, "another"))
        .isInstanceOf(IdentityException.class)
        .hasMessage(
            folder.resolve("ca.crt.pem")
                + ": there is an authority already; use it, or choose another folder for a new"
                + " one");

    assertThat(CertificateAuthority.open(folder).certificate()).isEqualTo(first.certificate());
    assertThat(folder.resolve("ca.key.pem")).hasBinaryContent(key);
    assertThat(listing(folder)).hasSize(5);
  }

  @Test
  void of_many_that_make_an_authority_at_once_one_succeeds() throws Exception {
    var threads = Executors.newFixedThreadPool(4);
    try {
      Callable<Boolean> init =
          () -> {
            try {
              CertificateAuthority.init(folder, "our CA");
              return true;
            } catch (IdentityException e) {
              return false;
            }
          };
      int made = 0;
      for (Future<Boolean> one : threads.invokeAll(List.of(init, init, init, init))) {
        made += one.get() ? 1 : 0;
      }

      assertThat(made).isEqualTo(1);
      assertThat(CertificateAuthority.open(folder).certificate()).isNotNull();
      assertThat(listing(folder)).hasSize(5);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void a_folder_without_an_authority_says_how_to_make_one() {
    assertThatThrownBy(() -> CertificateAuthority.open(folder))
        .isInstanceOf(IdentityException.class)
        .hasMessage(
            folder + ": holds no authority (ca.key.pem); make one with rp-ca init " + folder);
  }

  @Test
  void an_authority_that_can_not_sign_is_not_opened() throws IOException {
    CertificateAuthority.init(folder, "our CA");
    Path roots = folder.resolve("ca.crt.pem");
    byte[] root = Files.readAllBytes(roots);
    Path certificate = folder.resolve("intermediate.crt.pem");
    byte[] own = Files.readAllBytes(certificate);
    var other = CertificateAuthority.inMemory("other CA");

    Files.write(roots, Pem.write(List.of(other.certificate())));
    assertThatThrownBy(() -> CertificateAuthority.open(folder))
        .hasMessage(certificate + ": is not signed by the authority in " + roots);
    Files.write(roots, root);

    Files.write(certificate, Pem.write(List.of(other.certificate())));
    assertThatThrownBy(() -> CertificateAuthority.open(folder))
        .hasMessageEndingWith(
            "intermediate.key.pem: does not fit the certificate in " + certificate);

    Files.write(certificate, Pem.write(other.identity("hub", NodeRole.SERVER).chain()));
    assertThatThrownBy(() -> CertificateAuthority.open(folder))
        .hasMessage(certificate + ": is not the certificate of an authority (no CA:TRUE)");

    Files.write(certificate, own);
    var later = InstantSource.fixed(Instant.now().plus(Duration.ofDays(3700)));
    assertThatThrownBy(() -> CertificateAuthority.open(folder, PassphraseSource.NONE, later))
        .hasMessageStartingWith(certificate + ": the authority expired (not after ");
  }

  @Test
  void issued_files_go_straight_to_a_node() throws IOException {
    var authority = CertificateAuthority.init(folder, "our CA");

    IdentityFiles files = authority.issue(Issuance.server("hub"), folder);

    assertThat(files)
        .isEqualTo(
            new IdentityFiles(
                NodeRole.SERVER,
                folder.resolve("hub.key.pem"),
                folder.resolve("hub.crt.pem"),
                folder.resolve("ca.crt.pem")));
    assertThat(listing(folder))
        .contains("rw------- hub.key.pem", "rw-r--r-- hub.crt.pem")
        .hasSize(7);
    Path node = folder.resolve("node");
    files.install(IdentityFiles.in(node, NodeRole.SERVER), Instant.now());
    assertThat(listing(node)).hasSize(3);
  }

  @Test
  void files_may_go_to_a_folder_of_their_own() throws IOException {
    var authority = CertificateAuthority.init(folder, "our CA");
    Path elsewhere = folder.resolve("out");

    IdentityFiles files = authority.issue(Issuance.client("web"), elsewhere);

    assertThat(files.loadChecked(Instant.now()).trustAnchors())
        .containsExactly(authority.certificate());
    assertThat(listing(elsewhere)).hasSize(3);
    assertThatThrownBy(
            () -> CertificateAuthority.inMemory("other CA").issue(Issuance.client("x"), elsewhere))
        .hasMessage(
            elsewhere.resolve("ca.crt.pem")
                + ": is another authority's; choose another folder for this certificate");
  }

  @Test
  void an_issued_file_is_never_overwritten() throws IOException {
    var authority = CertificateAuthority.init(folder, "our CA");
    authority.issue(Issuance.server("hub"), folder);
    byte[] key = Files.readAllBytes(folder.resolve("hub.key.pem"));

    assertThatThrownBy(() -> authority.issue(Issuance.client("hub"), folder))
        .isInstanceOf(IdentityException.class)
        .hasMessage(
            folder.resolve("hub.key.pem")
                + ": is there already; move it away, or choose another name or folder");

    assertThat(folder.resolve("hub.key.pem")).hasBinaryContent(key);
  }

  private static List<CertificateProblem> problems(Identity identity, NodeRole role) {
    return new CertificateCheck(identity.trustAnchors(), role, NOW).problems(identity.chain());
  }

  private static List<String> listing(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .sorted()
          .map(file -> permissions(file) + " " + file.getFileName())
          .toList();
    }
  }

  private static String permissions(Path file) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

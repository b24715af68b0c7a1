package io.restpipe.auth.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.restpipe.auth.identity.CertificateRecord.State;
import io.restpipe.security.CertificateCheck;
import io.restpipe.security.CertificateProblem;
import io.restpipe.security.Identity;
import io.restpipe.security.IdentityException;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.IssuedCertificate;
import io.restpipe.security.NodeRole;
import io.restpipe.security.PassphraseSource;
import io.restpipe.security.Pem;
import io.restpipe.security.RevocationLists;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CertificateRegisterTest {

  private static final PassphraseSource NONE = PassphraseSource.NONE;

  @TempDir private Path folder;

  private CertificateRegister register() {
    return CertificateRegister.open(folder, NONE);
  }

  private static List<CertificateProblem> problems(
      List<X509Certificate> chain, List<X509Certificate> anchors, NodeRole role) {
    return new CertificateCheck(anchors, role, Instant.now()).problems(chain);
  }

  private boolean isRevoked(List<X509Certificate> chain) {
    List<X509Certificate> authorities =
        new ArrayList<>(Pem.readCertificates(folder.resolve("ca.crt.pem")));
    return RevocationLists.read(List.of(folder.resolve("ca.crl.pem")), authorities)
        .find(chain)
        .isPresent();
  }

  @Test
  void what_is_issued_is_remembered_with_its_names_and_dates() throws IOException {
    var authority = CertificateAuthority.init(folder, "our CA");
    Issuance issuance =
        Issuance.server("hub").dns("hub.example.com").ip("::1").validFor(Duration.ofDays(7));

    IdentityFiles files = authority.issue(issuance, folder);

    X509Certificate certificate = Pem.readCertificates(files.chain()).get(0);
    CertificateRecord record = register().all().get(0);
    assertThat(record.serial()).isEqualTo(certificate.getSerialNumber());
    assertThat(record.notAfter()).isEqualTo(certificate.getNotAfter().toInstant());
    assertThat(record.dnsNames()).containsExactly("hub.example.com");
    assertThat(record.addresses()).containsExactly("::1");
    assertThat(record.role()).isEqualTo(NodeRole.SERVER);
    assertThat(record.state(Instant.now())).isEqualTo(State.VALID);
    assertThat(record.state(record.notAfter().plusSeconds(1))).isEqualTo(State.EXPIRED);
    assertThat(register().keyOf(record)).isEqualTo(certificate.getPublicKey());
  }

  @Test
  void a_renewed_certificate_says_the_same_for_the_same_key() throws Exception {
    var authority = CertificateAuthority.init(folder, "our CA");
    IdentityFiles files = authority.issue(Issuance.server("hub").dns("hub.example.com"), folder);
    X509Certificate first = Pem.readCertificates(files.chain()).get(0);

    IssuedCertificate renewed = register().renew(register().latest("hub", null));

    X509Certificate second = renewed.certificate();
    assertThat(second.getSerialNumber()).isNotEqualTo(first.getSerialNumber());
    assertThat(second.getPublicKey()).isEqualTo(first.getPublicKey());
    assertThat(List.copyOf(second.getSubjectAlternativeNames()))
        .isEqualTo(List.copyOf(first.getSubjectAlternativeNames()));
    assertThatThrownBy(() -> register().latest("hub", NodeRole.CLIENT))
        .isInstanceOf(IdentityException.class)
        .hasMessageStartingWith("hub: has no certificate here that is not revoked");
  }

  @Test
  void a_name_a_serial_number_or_a_file_is_revoked_and_on_the_list() throws IOException {
    var authority = CertificateAuthority.init(folder, "our CA");
    List<X509Certificate> twice = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      twice.add(authority.identity("edge", NodeRole.CLIENT).certificate());
    }
    Identity bySerial = authority.identity("serial", NodeRole.CLIENT);
    IdentityFiles byFile = authority.issue(Issuance.client("file"), folder);
    Identity kept = authority.identity("kept", NodeRole.CLIENT);

    assertThat(isRevoked(kept.chain())).isFalse();
    assertThat(register().revoke("edge", RevocationReason.SUPERSEDED)).hasSize(2);
    String serial = bySerial.certificate().getSerialNumber().toString(16);
    assertThat(register().revoke(serial, RevocationReason.UNSPECIFIED)).hasSize(1);
    assertThat(register().revoke(byFile.chain().toString(), RevocationReason.UNSPECIFIED))
        .hasSize(1);

    for (X509Certificate one : twice) {
      assertThat(isRevoked(List.of(one, kept.chain().get(1)))).isTrue();
    }
    assertThat(isRevoked(bySerial.chain())).isTrue();
    assertThat(isRevoked(Pem.readCertificates(byFile.chain()))).isTrue();
    assertThat(isRevoked(kept.chain())).isFalse();
    // Again, it changes nothing.
    assertThat(register().revoke("edge", RevocationReason.KEY_COMPROMISE)).isEmpty();
    assertThat(register().all().get(0).revocation().reason())
        .isEqualTo(RevocationReason.SUPERSEDED);
    assertThatThrownBy(() -> register().revoke("nobody", RevocationReason.UNSPECIFIED))
        .hasMessageStartingWith("nobody: is no file, serial number or name");
  }

  @Test
  void the_certificate_of_another_authority_is_not_revoked_here() throws IOException {
    CertificateAuthority.init(folder, "our CA");
    Path other = folder.resolve("other");
    IdentityFiles files =
        CertificateAuthority.init(other, "our CA").issue(Issuance.client("edge"), other);

    assertThatThrownBy(
            () -> register().revoke(files.chain().toString(), RevocationReason.UNSPECIFIED))
        .hasMessage(files.chain() + ": was not issued by the authority in " + folder);
  }

  @Test
  void the_root_key_may_be_put_away_and_is_not_missed() throws IOException {
    Path disk = folder.resolve("disk");
    CertificateAuthority.init(folder, AuthorityOptions.named("our CA").rootKeyIn(disk));
    Path key = disk.resolve("ca.key.pem");
    Path away = Files.move(key, folder.resolve("away"));

    assertThat(folder.resolve("ca.key.pem")).doesNotExist();
    var authority = CertificateAuthority.open(folder);
    Identity edge = authority.identity("edge", NodeRole.CLIENT);
    register().revoke("edge", RevocationReason.UNSPECIFIED);
    register().writeRevocations(Duration.ofDays(1));
    assertThat(isRevoked(edge.chain())).isTrue();
    // Only a new root needs it.
    assertThatThrownBy(
            () ->
                CertificateRegister.open(folder, disk, NONE)
                    .beginRollover(AuthorityOptions.named("our CA G2")))
        .hasMessage(key + ": the root's key is not here; name its folder with --root-key-dir");

    Files.move(away, key);
    CertificateRegister.open(folder, disk, NONE).beginRollover(AuthorityOptions.named("our CA G2"));
    assertThat(folder.resolve("ca.key.pem")).doesNotExist();
    assertThat(key).exists();
  }

  @Test
  void keys_with_a_passphrase_need_it() throws IOException {
    CertificateAuthority.init(
        folder, AuthorityOptions.named("our CA").encryptedWith("s3cret".toCharArray()));
    PassphraseSource secret = PassphraseSource.of("s3cret");

    assertThat(Pem.isEncrypted(folder.resolve("ca.key.pem"))).isTrue();
    assertThat(Pem.isEncrypted(folder.resolve("intermediate.key.pem"))).isTrue();
    assertThatThrownBy(() -> CertificateAuthority.open(folder))
        .hasMessageContaining("is encrypted with a passphrase");
    IdentityFiles files =
        CertificateAuthority.open(folder, secret)
            .issue(
                List.of(Issuance.client("edge")), folder, KeyAlgorithm.ECDSA, "other".toCharArray())
            .get(0);
    assertThat(files.loadChecked(Instant.now(), PassphraseSource.of("other"))).isNotNull();
  }

  @ParameterizedTest
  @EnumSource(names = {"ECDSA", "ECDSA_P384", "ED25519", "RSA_2048"})
  void each_kind_of_key_signs_and_is_signed(KeyAlgorithm algorithm) throws IOException {
    var authority =
        CertificateAuthority.init(folder, AuthorityOptions.named("our CA").algorithm(algorithm));

    IdentityFiles files =
        authority.issue(List.of(Issuance.server("hub")), folder, algorithm, null).get(0);

    Identity identity = files.loadChecked(Instant.now());
    assertThat(problems(identity.chain(), authority.trustAnchors(), NodeRole.SERVER)).isEmpty();
    register().revoke("hub", RevocationReason.UNSPECIFIED);
    assertThat(isRevoked(identity.chain())).isTrue();
  }

  @Test
  void a_root_without_an_intermediate_signs_itself_as_those_of_openssl_do() throws IOException {
    Path sources = Path.of("src/test/resources/requests");
    Files.copy(sources.resolve("ca.crt.pem"), folder.resolve("ca.crt.pem"));
    Files.copy(sources.resolve("ca.key.pem"), folder.resolve("ca.key.pem"));

    Identity edge = CertificateAuthority.open(folder).identity("edge", NodeRole.CLIENT);
    assertThat(edge.chain()).hasSize(1);
    assertThat(problems(edge.chain(), edge.trustAnchors(), NodeRole.CLIENT)).isEmpty();
    register().revoke("edge", RevocationReason.UNSPECIFIED);
    // One that openssl signed with this key was never written down.
    Path old = sources.resolve("old.crt.pem");
    assertThat(register().revoke(old.toString(), RevocationReason.KEY_COMPROMISE))
        .singleElement()
        .extracting(CertificateRecord::name)
        .isEqualTo("old client");

    assertThat(isRevoked(edge.chain())).isTrue();
    assertThat(isRevoked(Pem.readCertificates(old))).isTrue();
    assertThat(register().all()).extracting(CertificateRecord::name).contains("old client");
  }

  /**
   * The steps of docs/identities.md, with nodes at each stage that trust the old, both, the new.
   */
  @Test
  void a_new_root_takes_over_and_at_no_step_a_node_is_left_out() throws IOException {
    var before = CertificateAuthority.init(folder, "our CA");
    Identity old = before.identity("edge", NodeRole.CLIENT);
    List<X509Certificate> oldRoot = before.trustAnchors();

    assertThatThrownBy(() -> register().beginRollover(AuthorityOptions.named("our CA")))
        .hasMessage("the new root needs another name than the old one (our CA)");
    CertificateAuthority during =
        register().beginRollover(AuthorityOptions.named(register().nextName()));

    assertThat(during.certificate().getSubjectX500Principal().getName()).isEqualTo("CN=our CA G2");
    List<X509Certificate> both = Pem.readCertificates(folder.resolve("ca.crt.pem"));
    assertThat(both).containsExactly(during.certificate(), oldRoot.get(0));
    List<X509Certificate> newRoot = List.of(during.certificate());
    Identity hub = during.identity("hub", NodeRole.SERVER);
    for (List<X509Certificate> trusted : List.of(oldRoot, both, newRoot)) {
      assertThat(problems(hub.chain(), trusted, NodeRole.SERVER)).isEmpty();
    }
    assertThat(problems(old.chain(), both, NodeRole.CLIENT)).isEmpty();

    assertThat(register().leftBehind()).extracting(CertificateRecord::name).containsExactly("edge");
    assertThatThrownBy(() -> register().finishRollover(false))
        .hasMessageStartingWith(
            "nodes still have a certificate of the old authority only (1, such as edge until ");
    assertThatThrownBy(() -> register().beginRollover(AuthorityOptions.named("third")))
        .hasMessageContaining("is taking over from another already");
    Identity gone = before.identity("gone", NodeRole.CLIENT);
    register().revoke("gone", RevocationReason.UNSPECIFIED);
    assertThat(isRevoked(gone.chain())).isTrue();
    IssuedCertificate renewed = register().renew(register().latest("edge", null));
    register().finishRollover(false);

    assertThat(Pem.readCertificates(folder.resolve("ca.crt.pem"))).isEqualTo(newRoot);
    assertThat(problems(renewed.chain(), newRoot, NodeRole.CLIENT)).isEmpty();
    assertThat(problems(old.chain(), newRoot, NodeRole.CLIENT)).isNotEmpty();
    assertThat(CertificateAuthority.open(folder).identity("last", NodeRole.CLIENT).chain())
        .hasSize(2);
    assertThatThrownBy(() -> register().finishRollover(false))
        .hasMessageEndingWith("holds one root only: none is taking over from another");
  }

  @Test
  void a_line_that_a_process_left_unfinished_is_no_line() throws IOException {
    var authority = CertificateAuthority.init(folder, "our CA");
    authority.identity("first", NodeRole.CLIENT);
    Path index = folder.resolve("issued/index.txt");
    Files.writeString(index, "issued 2026-01-01T00:00:00Z ser", StandardOpenOption.APPEND);

    assertThat(register().all()).hasSize(1);
    authority.identity("second", NodeRole.CLIENT);

    assertThat(register().all())
        .extracting(CertificateRecord::name)
        .containsExactly("first", "second");
    Files.writeString(index, "what is this\n", StandardOpenOption.APPEND);
    assertThatThrownBy(() -> register().all())
        .isInstanceOf(IdentityException.class)
        .hasMessageStartingWith(index + ":4: is not a line of the list of certificates");
  }

  @Test
  void what_has_been_over_for_long_is_forgotten_where_it_is_most_of_all() throws IOException {
    Path index = folder.resolve("issued").resolve("index.txt");
    Files.createDirectories(index.getParent());
    var lines = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      lines.append(
          "issued 2020-01-01T00:00:00Z serial=%X role=client name=n%d not-before=2020-01-01T00:00:00Z not-after=2020-01-01T00:03:00Z lifetime=PT3M issuer=x\n"
              .formatted(i + 1000, i));
    }
    Files.writeString(index, lines);
    Files.writeString(index.resolveSibling("03E8.crt.pem"), "copy of the first one");
    var authority = CertificateAuthority.init(folder, "our CA");

    Identity edge = authority.identity("edge", NodeRole.CLIENT);

    assertThat(register().all())
        .extracting(CertificateRecord::serial)
        .containsExactly(edge.certificate().getSerialNumber());
    assertThat(index.resolveSibling("03E8.crt.pem")).doesNotExist();
    authority.identity("next", NodeRole.CLIENT);
    assertThat(register().all()).hasSize(2);
  }

  @Test
  void processes_at_once_lose_no_line_and_give_no_serial_twice() throws Exception {
    CertificateAuthority.init(folder, "our CA");
    List<Process> processes = new ArrayList<>();
    for (String name : List.of("a", "b")) {
      processes.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  IssuingProcess.class.getName(),
                  folder.toString(),
                  name,
                  "50")
              .inheritIO()
              .start());
    }
    for (Process process : processes) {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    }

    List<CertificateRecord> all = register().all();
    Set<Object> serials = new HashSet<>();
    all.forEach(record -> serials.add(record.serial()));
    assertThat(all).hasSize(100);
    assertThat(serials).hasSize(100);
    assertThat(Files.readAllLines(folder.resolve("issued/index.txt"))).hasSize(101);
  }

  /** Ten milliseconds each are promised; here it is a matter of its processor time. */
  @Test
  void a_thousand_certificates_take_seconds() throws IOException {
    var authority = CertificateAuthority.init(folder, "our CA");
    var threads = ManagementFactory.getThreadMXBean();
    long begin = threads.getCurrentThreadCpuTime();

    for (int i = 0; i < 100; i++) {
      authority.issue(Issuance.client("n" + i), folder);
    }

    assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - begin))
        .isLessThan(Duration.ofSeconds(1));
  }
}

package io.restpipe.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityFilesTest {

  private static final Path FILES = PemTest.FILES;
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "CLIENT, rsa-pkcs1, rsa-pkcs1, rsa-ca",
    "SERVER, rsa-pkcs8, rsa-pkcs8, rsa-ca",
    "CLIENT, ec-sec1, ec-sec1, ec-ca",
    "SERVER, ec-pkcs8, ec-pkcs8, ec-ca",
    "CLIENT, ec-pkcs8, ec-pkcs8, ec-ca",
    "CLIENT, leaf, chain, ec-ca",
    "CLIENT, v1, v1, rsa-ca",
    "SERVER, v1, v1, rsa-ca"
  })
  void identities_made_by_openssl_are_good(NodeRole role, String key, String chain, String ca) {
    assertThat(files(role, key, chain, ca).loadChecked(NOW).certificate()).isNotNull();
  }

  @Test
  void an_expired_certificate_is_told_with_its_age() {
    problem(
        files(NodeRole.CLIENT, "v1", "v1", "rsa-ca"),
        Instant.parse("2120-01-04T12:00:00Z"),
        FILES.resolve("v1.crt.pem")
            + ": certificate expired 3 days ago (CN=v1,O=RestPipe, not after"
            + " 2120-01-01T00:00:00Z); issue a new one with rp-ca issue");
  }

  @Test
  void a_certificate_of_the_future_is_told_with_this_machines_time() {
    problem(
        files(NodeRole.CLIENT, "ec-sec1", "ec-sec1", "ec-ca"),
        Instant.parse("2019-12-31T23:00:00.5Z"),
        FILES.resolve("ec-sec1.crt.pem")
            + ": certificate is not valid for another 59 minutes (CN=ec-sec1,O=RestPipe, not before"
            + " 2020-01-01T00:00:00Z, and it is 2019-12-31T23:00:00Z here); set this machine's"
            + " clock, or issue a new one with rp-ca issue");
  }

  @Test
  void a_key_of_another_certificate_does_not_fit() {
    problem(
        files(NodeRole.CLIENT, "rsa-pkcs8", "v1", "rsa-ca"),
        NOW,
        "%s: does not fit the certificate in %s (CN=v1,O=RestPipe); use the key that the certificate was made for"
            .formatted(FILES.resolve("rsa-pkcs8.key.pem"), FILES.resolve("v1.crt.pem")));
  }

  @Test
  void a_chain_that_begins_with_another_certificate_is_told_the_order() throws IOException {
    Path reversed = folder.resolve("reversed.crt.pem");
    var chain = Pem.readCertificates(FILES.resolve("chain.crt.pem"));
    Files.write(reversed, Pem.write(List.of(chain.get(1), chain.get(0))));
    Path key = FILES.resolve("leaf.key.pem");
    var files = new IdentityFiles(NodeRole.CLIENT, key, reversed, FILES.resolve("ec-ca.crt.pem"));

    assertThatThrownBy(() -> files.loadChecked(NOW))
        .hasMessageStartingWith(
            reversed
                + ": the first certificate is not the one of "
                + key
                + "; put the node's own certificate first");
  }

  @Test
  void a_certificate_of_another_authority_is_told_with_its_issuer() {
    problem(
        files(NodeRole.CLIENT, "v1", "v1", "ec-ca"),
        NOW,
        "%s: certificate is signed by an unknown authority (CN=v1,O=RestPipe, issuer CN=openssl rsa-ca); use a certificate of the authority in %s, or put its authority there"
            .formatted(FILES.resolve("v1.crt.pem"), FILES.resolve("ec-ca.crt.pem")));
  }

  @Test
  void a_chain_without_its_intermediate_is_of_an_unknown_authority() {
    assertThatThrownBy(() -> files(NodeRole.CLIENT, "leaf", "leaf", "ec-ca").loadChecked(NOW))
        .hasMessageContaining(
            "is signed by an unknown authority (CN=leaf,O=RestPipe, issuer"
                + " CN=intermediate,O=RestPipe)");
  }

  @Test
  void an_authority_whose_time_is_over_is_not_hidden_by_the_certificate_whose_time_is_over() {
    var later = Instant.parse("2120-06-01T00:00:00Z");
    var check =
        new CertificateCheck(
            Pem.readCertificates(FILES.resolve("ec-ca.crt.pem")), NodeRole.CLIENT, later);

    assertThat(check.problems(Pem.readCertificates(FILES.resolve("chain.crt.pem"))))
        .extracting(CertificateProblem::kind)
        .containsExactly(
            CertificateProblem.Kind.EXPIRED, CertificateProblem.Kind.AUTHORITY_EXPIRED);
  }

  @Test
  void a_certificate_for_the_other_role_is_told_how_to_get_the_right_one() {
    problem(
        files(NodeRole.SERVER, "rsa-pkcs1", "rsa-pkcs1", "rsa-ca"),
        NOW,
        FILES.resolve("rsa-pkcs1.crt.pem")
            + ": certificate is for client use only (CN=rsa-pkcs1,O=RestPipe); issue one with rp-ca"
            + " issue --server");
  }

  @Test
  void all_that_is_wrong_is_told_at_once() {
    assertThatThrownBy(
            () ->
                files(NodeRole.SERVER, "v1", "rsa-pkcs1", "ec-ca")
                    .loadChecked(Instant.parse("2121-01-01T00:00:00Z")))
        .asInstanceOf(throwable(IdentityException.class))
        .satisfies(e -> assertThat(e.problems()).hasSize(4));
    assertThatThrownBy(() -> files(NodeRole.SERVER, "a", "b", "c").load())
        .asInstanceOf(throwable(IdentityException.class))
        .satisfies(
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        FILES.resolve("a.key.pem") + ": does not exist",
                        FILES.resolve("b.crt.pem") + ": does not exist",
                        FILES.resolve("c.crt.pem") + ": does not exist"));
  }

  @Test
  void what_is_good_is_installed_under_the_usual_names_for_the_owner_only() throws IOException {
    var files = files(NodeRole.CLIENT, "rsa-pkcs1", "rsa-pkcs1", "rsa-ca");
    Path target = folder.resolve("var/restpipe");

    Identity installed = files.install(IdentityFiles.in(target, NodeRole.CLIENT), NOW);

    assertThat(listing(target))
        .containsExactly(
            "rw-r--r-- ca.crt.pem",
            "rw-r--r-- restpipe.client.crt.pem",
            "rw------- restpipe.client.key.pem");
    assertThat(permissions(target)).isEqualTo("rwx------");
    Identity loaded = IdentityFiles.in(target, NodeRole.CLIENT).loadChecked(NOW);
    assertThat(loaded).isEqualTo(installed).isEqualTo(files.load());
  }

  @Test
  void a_new_identity_takes_the_place_of_the_old_one() throws IOException {
    var target = IdentityFiles.in(folder, NodeRole.SERVER);
    files(NodeRole.SERVER, "rsa-pkcs8", "rsa-pkcs8", "rsa-ca").install(target, NOW);
    Files.setPosixFilePermissions(target.key(), PosixFilePermissions.fromString("rw-rw-rw-"));

    var newer = files(NodeRole.SERVER, "ec-pkcs8", "ec-pkcs8", "ec-ca");
    newer.install(target, NOW);

    assertThat(target.loadChecked(NOW)).isEqualTo(newer.load());
    assertThat(permissions(target.key())).isEqualTo("rw-------");
    assertThat(listing(folder)).hasSize(3);
  }

  @Test
  void what_is_wrong_replaces_nothing() throws IOException {
    var target = IdentityFiles.in(folder, NodeRole.SERVER);
    var good = files(NodeRole.SERVER, "rsa-pkcs8", "rsa-pkcs8", "rsa-ca");
    good.install(target, NOW);

    assertThatThrownBy(
            () -> files(NodeRole.SERVER, "v1", "rsa-pkcs8", "rsa-ca").install(target, NOW))
        .isInstanceOf(IdentityException.class);

    assertThat(target.load()).isEqualTo(good.load());
    assertThat(listing(folder)).hasSize(3);
  }

  private static void problem(IdentityFiles files, Instant now, String sentence) {
    assertThatThrownBy(() -> files.loadChecked(now))
        .asInstanceOf(throwable(IdentityException.class))
        .satisfies(e -> assertThat(e.problems()).contains(sentence));
  }

  private static IdentityFiles files(NodeRole role, String key, String chain, String ca) {
    return new IdentityFiles(
        role,
        FILES.resolve(key + ".key.pem"),
        FILES.resolve(chain + ".crt.pem"),
        FILES.resolve(ca + ".crt.pem"));
  }

  private static List<String> listing(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().map(file -> permissions(file) + " " + file.getFileName()).toList();
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

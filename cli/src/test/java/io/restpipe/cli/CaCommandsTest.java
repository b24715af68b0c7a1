package io.restpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.security.IdentityFiles;
import io.restpipe.security.NodeRole;
import io.restpipe.security.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaCommandsTest {

  @TempDir private Path folder;
  private Path ca = Path.of("");

  @BeforeEach
  void make_an_authority() {
    ca = folder.resolve("ca");
    assertThat(run("init", ca.toString()).err()).isEmpty();
  }

  private Captured run(String... arguments) {
    return run(ExitCode.OK, Map.of(), arguments);
  }

  private Captured refused(String... arguments) {
    return run(ExitCode.IDENTITY, Map.of(), arguments);
  }

  private static Captured run(int exitCode, Map<String, String> environment, String... arguments) {
    var captured = new Captured(environment, "");
    assertThat(captured.ca().run(arguments)).as(captured.err()).isEqualTo(exitCode);
    return captured;
  }

  private String at(String file) {
    return ca.resolve(file).toString();
  }

  @Test
  void certificates_say_where_revoked_ones_are_listed_if_the_authority_was_told() throws Exception {
    Path told = folder.resolve("told");
    run("init", told.toString(), "--crl-url", "http://crl.example.com/ca.crl.pem");
    run("issue", "hub", "--server", "--dir", told.toString());
    run("issue", "hub", "--server", "--dir", ca.toString());

    var says = Pem.readCertificates(told.resolve("hub.crt.pem")).get(0);
    var silent = Pem.readCertificates(ca.resolve("hub.crt.pem")).get(0);
    assertThat(new String(says.getExtensionValue("2.5.29.31"), StandardCharsets.ISO_8859_1))
        .endsWith("http://crl.example.com/ca.crl.pem");
    assertThat(silent.getExtensionValue("2.5.29.31")).isNull();
    assertThat(Duration.between(says.getNotBefore().toInstant(), says.getNotAfter().toInstant()))
        .isEqualTo(Duration.ofDays(825));
    assertThat(run(ExitCode.USAGE, Map.of(), "init", at("x"), "--crl-url", "nowhere").err())
        .contains("must be an http, https or ldap URL");
  }

  @Test
  void several_nodes_get_their_certificates_at_once() {
    Captured issued =
        run("issue", "a", "b", "c", "--client", "--lifetime", "3m", "--dir", ca.toString());

    assertThat(issued.out()).contains("a.key.pem", "b.crt.pem", "set-identity " + at("c.key.pem"));
    IdentityFiles files =
        new IdentityFiles(
            NodeRole.CLIENT,
            ca.resolve("b.key.pem"),
            ca.resolve("b.crt.pem"),
            ca.resolve("ca.crt.pem"));
    assertThat(files.loadChecked(Instant.now()).certificate().getNotAfter().toInstant())
        .isBefore(Instant.now().plus(Duration.ofMinutes(4)));
  }

  @Test
  void a_key_stays_where_it_is_used_and_its_request_is_signed() throws IOException {
    Path node = folder.resolve("node");
    Captured requested =
        run("request", "hub", "--server", "--dns", "hub.example.com", "--out", node.toString());
    String request = node.resolve("hub.csr.pem").toString();
    assertThat(requested.out())
        .contains("rp-ca sign hub hub.csr.pem --server --dns hub.example.com --dir DIR");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(node.resolve("hub.key.pem"))))
        .isEqualTo("rw-------");

    String dir = ca.toString();
    assertThat(refused("sign", "hub", request, "--server", "--dir", dir).err())
        .isEqualTo(
            "rp-ca sign: the certificate request asks for the host name hub.example.com, which is"
                + " not given\n");
    assertThat(refused("sign", "other", request, "--server", "--dir", dir).err())
        .contains("asks for the name hub, not other");
    run("sign", "hub", request, "--server", "--dns", "hub.example.com", "--dir", dir);

    Captured verified =
        run("verify", at("hub.crt.pem"), "--key", node.resolve("hub.key.pem").toString());
    assertThat(verified.out())
        .contains(at("hub.crt.pem") + ": good", "usage      server", "name       hub");
    assertThat(refused("sign", "hub", request, "--server", "--dir", dir).err())
        .contains("hub.crt.pem: is there already");
  }

  @Test
  void what_is_revoked_is_on_the_list_in_the_table_and_found_by_verify() {
    String dir = ca.toString();
    run("issue", "edge", "kept", "--client", "--dir", dir);

    assertThat(run("revoke", "edge", "--reason", "key-compromise", "--dir", dir).out())
        .contains("revoked edge (", "made " + at("ca.crl.pem"));

    assertThat(run("list", "--dir", dir).out())
        .containsPattern("edge +client +revoked")
        .containsPattern("kept +client +valid, 824 days left");
    assertThat(run("list", "--json", "--dir", dir).out())
        .contains("\"reason\" : \"key-compromise\"");
    assertThat(run("list", "--valid", "--dir", dir).out()).contains("kept").doesNotContain("edge");
    assertThat(refused("verify", at("edge.crt.pem")).err()).contains("certificate was revoked");
    assertThat(run("show", at("ca.crl.pem")).out()).contains("revoked    1", "key-compromise");
    assertThat(run("revoke", "edge", "--dir", dir).out()).contains("nothing to revoke");
    assertThat(refused("revoke", "nobody", "--dir", dir).err()).contains("rp-ca list");
    assertThat(run(ExitCode.USAGE, Map.of(), "revoke", "kept", "--reason", "x", "--dir", dir).err())
        .contains("reason: must be one of unspecified");
  }

  @Test
  void a_certificate_is_renewed_in_its_place() throws IOException {
    run("issue", "edge", "--client", "--dir", ca.toString());
    byte[] before = Files.readAllBytes(ca.resolve("edge.crt.pem"));

    assertThat(run("renew", "edge", "--dir", ca.toString()).out()).contains("edge.crt.pem, valid");

    assertThat(Files.readAllBytes(ca.resolve("edge.crt.pem"))).isNotEqualTo(before);
    run("verify", at("edge.crt.pem"), "--key", at("edge.key.pem"));
    assertThat(refused("renew", "nobody", "--dir", ca.toString()).err())
        .contains("nobody: has no certificate here");
  }

  @Test
  void keys_are_encrypted_with_a_passphrase_that_is_no_argument() throws IOException {
    Path dir = folder.resolve("encrypted");
    Path file = Files.writeString(folder.resolve("passphrase"), "s3cret\n");
    Map<String, String> known = Map.of("RP_CA_KEY_PASSPHRASE_FILE", file.toString());

    assertThat(run(ExitCode.USAGE, Map.of(), "init", dir.toString(), "--encrypt").err())
        .contains("there is no passphrase to encrypt the key with", "RP_CA_KEY_PASSPHRASE_FILE");
    run(ExitCode.OK, known, "init", dir.toString(), "--encrypt");
    assertThat(Pem.isEncrypted(dir.resolve("intermediate.key.pem"))).isTrue();
    assertThat(refused("issue", "edge", "--client", "--dir", dir.toString()).err())
        .contains("set RP_CA_KEY_PASSPHRASE_FILE to a file that holds it")
        .hasLineCount(1);
    run(ExitCode.OK, known, "issue", "edge", "--client", "--dir", dir.toString());
  }

  @Test
  void the_folder_may_be_a_matter_of_the_environment() {
    Map<String, String> environment = Map.of("RP_CA_PATH", ca.toString());

    run(ExitCode.OK, environment, "issue", "edge", "--client");
    assertThat(run(ExitCode.OK, environment, "list").out()).contains("edge");
    assertThat(run(ExitCode.USAGE, Map.of(), "list").err())
        .isEqualTo("rp-ca list: name the authority's folder with --dir DIR, or by RP_CA_PATH\n");
  }

  @Test
  void show_says_what_is_in_a_file_and_shows_no_key() throws IOException {
    run("issue", "hub", "--server", "--dns", "hub.example.com", "--dir", ca.toString());

    assertThat(run("show", at("hub.crt.pem")).out())
        .contains("certificate CN=hub\n", "node name  hub", "DNS hub.example.com")
        .contains("certificate CN=RestPipe CA intermediate\n", "authority: signs certificates");
    assertThat(run("show", at("hub.key.pem")).out()).isEqualTo("private key\n");
    Path text = Files.writeString(folder.resolve("text"), "hello");
    assertThat(refused("show", text.toString()).err()).contains("holds no PEM block");
    Path cut =
        Files.writeString(
            folder.resolve("cut"), Files.readString(ca.resolve("hub.crt.pem")).substring(0, 300));
    assertThat(refused("show", cut.toString()).err()).contains("PEM block 1 is damaged");
  }

  @Test
  void a_new_root_takes_over_step_by_step() {
    String dir = ca.toString();
    run("issue", "edge", "--client", "--dir", dir);

    assertThat(run("rollover", "--dir", dir).out()).contains("the new root and the old one");
    assertThat(run("rollover", "--status", "--dir", dir).out())
        .contains("edge (client) has a certificate of the old root");
    assertThat(refused("rollover", "--finish", "--dir", dir).err()).contains("renew them first");
    run("renew", "edge", "--dir", dir);
    assertThat(run("rollover", "--status", "--dir", dir).out())
        .contains("no certificate of an old root is needed any more");
    run("rollover", "--finish", "--dir", dir);

    run("verify", at("edge.crt.pem"), "--client");
    assertThat(Pem.readCertificates(ca.resolve("ca.crt.pem"))).hasSize(1);
  }

  @Test
  void verify_says_all_that_is_wrong() {
    run("issue", "edge", "--client", "--lifetime", "1s", "--dir", ca.toString());
    run("init", folder.resolve("other").toString());
    run("issue", "b", "--client", "--dir", ca.toString());

    Captured wrong =
        refused(
            "verify",
            at("b.crt.pem"),
            "--server",
            "--ca",
            folder.resolve("other/ca.crt.pem").toString(),
            "--key",
            at("edge.key.pem"));

    assertThat(wrong.err())
        .contains("is signed by another authority of the same name")
        .contains("is for client use only")
        .contains("edge.key.pem: does not fit the certificate");
  }
}

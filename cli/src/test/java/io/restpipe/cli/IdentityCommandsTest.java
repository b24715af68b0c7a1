package io.restpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.security.IdentityFiles;
import io.restpipe.security.NodeRole;
import io.restpipe.security.PassphraseSource;
import io.restpipe.security.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityCommandsTest {

  @TempDir private Path folder;
  private Path ca = Path.of("");
  private Path installed = Path.of("");

  @BeforeEach
  void make_an_authority() {
    ca = folder.resolve("ca");
    installed = folder.resolve("installed");
    assertThat(new Captured().ca().run("init", ca.toString())).isZero();
  }

  private Captured issue(String... arguments) {
    var captured = new Captured();
    String[] all = new String[arguments.length + 3];
    all[0] = "issue";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[arguments.length + 1] = "--dir";
    all[arguments.length + 2] = ca.toString();
    captured.ca().run(all);
    return captured;
  }

  private int setIdentity(Captured captured, String name, String authority) {
    return captured
        .server()
        .run(
            "set-identity",
            ca.resolve(name + ".key.pem").toString(),
            ca.resolve(name + ".crt.pem").toString(),
            authority,
            "--cert-path",
            installed.toString());
  }

  private String authority() {
    return ca.resolve("ca.crt.pem").toString();
  }

  @Test
  void an_identity_is_issued_and_installed() throws IOException {
    Captured issued = issue("pipe", "--server", "--dns", "pipe.example.com", "--ip", "10.0.0.1");
    assertThat(issued.err()).isEmpty();
    assertThat(issued.out()).contains("rp-server set-identity");

    var captured = new Captured();
    assertThat(setIdentity(captured, "pipe", authority())).isZero();

    IdentityFiles files = IdentityFiles.in(installed, NodeRole.SERVER);
    assertThat(captured.out()).contains(files.key().toString(), files.chain().toString());
    assertThat(files.loadChecked(Instant.now()).certificate().getSubjectX500Principal().getName())
        .isEqualTo("CN=pipe");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.key())))
        .isEqualTo("rw-------");
  }

  @Test
  void a_key_with_a_passphrase_is_installed_and_stays_encrypted() throws IOException {
    issue("pipe", "--server");
    Path key = ca.resolve("pipe.key.pem");
    Files.write(key, Pem.write(Pem.readPrivateKey(key), "s3cret".toCharArray()));
    Path secret = Files.writeString(folder.resolve("secret"), "s3cret\n");

    var without = new Captured();
    assertThat(setIdentity(without, "pipe", authority())).isEqualTo(ExitCode.IDENTITY);
    assertThat(without.err())
        .contains(key + ": the private key is encrypted with a passphrase")
        .contains("RP_KEY_PASSPHRASE_FILE")
        .hasLineCount(1);
    var captured = new Captured(Map.of("RP_KEY_PASSPHRASE_FILE", secret.toString()), "");
    assertThat(setIdentity(captured, "pipe", authority())).isZero();

    IdentityFiles files = IdentityFiles.in(installed, NodeRole.SERVER);
    assertThat(Pem.isEncrypted(files.key())).isTrue();
    assertThat(files.loadChecked(Instant.now(), PassphraseSource.of("s3cret"))).isNotNull();
    var wrong = new Captured(Map.of("RP_KEY_PASSPHRASE", "other"), "");
    assertThat(setIdentity(wrong, "pipe", authority())).isEqualTo(ExitCode.IDENTITY);
    assertThat(wrong.err()).contains("the passphrase does not fit").doesNotContain("other");
  }

  @Test
  void the_names_of_the_files_can_be_set() {
    issue("pipe", "--server");

    int status =
        new Captured()
            .server()
            .run(
                "set-identity",
                ca.resolve("pipe.key.pem").toString(),
                ca.resolve("pipe.crt.pem").toString(),
                authority(),
                "--cert-path",
                installed.toString(),
                "--key-filename=k",
                "--crt-filename=c",
                "--ca-crt-filename=a");

    assertThat(status).isZero();
    assertThat(installed.resolve("k")).exists();
    assertThat(installed.resolve("c")).exists();
    assertThat(installed.resolve("a")).exists();
  }

  @Test
  void a_client_is_no_server_and_nothing_is_installed() {
    issue("box", "--client");

    var captured = new Captured();
    assertThat(setIdentity(captured, "box", authority())).isEqualTo(ExitCode.IDENTITY);
    assertThat(captured.err()).contains("box.crt.pem", "client");
    assertThat(installed).doesNotExist();
  }

  @Test
  void another_authority_is_refused() {
    issue("pipe", "--server");
    Path other = folder.resolve("other");
    new Captured().ca().run("init", other.toString());

    var captured = new Captured();
    assertThat(setIdentity(captured, "pipe", other.resolve("ca.crt.pem").toString()))
        .isEqualTo(ExitCode.IDENTITY);
    assertThat(captured.err()).contains("pipe.crt.pem");
  }

  @Test
  void another_key_is_refused() throws IOException {
    issue("pipe", "--server");
    issue("other", "--server");
    Files.copy(ca.resolve("other.key.pem"), ca.resolve("wrong.key.pem"));
    Files.copy(ca.resolve("pipe.crt.pem"), ca.resolve("wrong.crt.pem"));

    var captured = new Captured();
    assertThat(setIdentity(captured, "wrong", authority())).isEqualTo(ExitCode.IDENTITY);
    assertThat(captured.err()).contains("wrong.key.pem", "does not fit");
  }

  @Test
  void every_missing_file_is_named() {
    var captured = new Captured();
    assertThat(captured.client().run("set-identity", "a", "b", "c")).isEqualTo(ExitCode.IDENTITY);
    assertThat(captured.err())
        .contains("rp-client set-identity: a: does not exist", ": b: ", ": c: ");
  }

  @Test
  void a_folder_that_cannot_be_made_is_explained() throws IOException {
    issue("pipe", "--server");
    Files.writeString(installed, "a file");

    var captured = new Captured();
    assertThat(setIdentity(captured, "pipe", authority())).isEqualTo(ExitCode.IDENTITY);
    assertThat(captured.err())
        .contains("cannot be written to " + installed)
        .contains("--cert-path")
        .hasLineCount(1);
  }

  @Test
  void an_authority_is_not_overwritten() {
    var captured = new Captured();
    assertThat(captured.ca().run("init", ca.toString())).isEqualTo(ExitCode.IDENTITY);
    assertThat(captured.err()).contains("there is an authority already");
  }

  @Test
  void an_authority_may_have_a_name_of_its_own() {
    Path named = folder.resolve("named");
    assertThat(new Captured().ca().run("init", named.toString(), "--name", "Our CA")).isZero();
    assertThat(named.resolve("ca.key.pem")).exists();
  }

  @Test
  void a_node_is_a_server_or_a_client() {
    assertThat(issue("pipe").err()).contains("--server", "--client");
    assertThat(issue("pipe", "--server", "--client").err()).contains("mutually exclusive");
  }

  @Test
  void a_name_that_no_node_can_have_is_refused() {
    assertThat(issue("a/b", "--client").err()).contains("a/b").hasLineCount(1);
    assertThat(issue("pipe", "--server", "--ip", "300.1.1.1").err()).contains("300.1.1.1");
  }

  @Test
  void without_an_authority_nothing_is_issued() {
    var captured = new Captured();
    String nowhere = folder.resolve("nowhere").toString();
    assertThat(captured.ca().run("issue", "a", "--client", "--dir", nowhere))
        .isEqualTo(ExitCode.IDENTITY);
    assertThat(captured.err()).contains("rp-ca init");
  }

  @Test
  void a_node_without_an_identity_says_how_to_get_one() {
    var captured = new Captured();
    assertThat(captured.server().run("start", "--cert-path", folder.toString()))
        .isEqualTo(ExitCode.IDENTITY);
    assertThat(captured.err())
        .contains("there is no identity in " + folder + " (--cert-path)")
        .contains("rp-server set-identity KEY CRT CA")
        .contains("RP_SERVER_CERT_PATH")
        .hasLineCount(1);
  }
}

package io.restpipe.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists and certificates that openssl has made; the script stands in the folder. */
class RevocationListsTest {

  private static final Path FILES = Path.of("src/test/resources/crl");
  private static final X509Certificate CA = certificate("ca");
  private static final X509Certificate INTER = certificate("inter");

  @TempDir Path folder;

  @Test
  void finds_who_is_on_the_list_and_nobody_else() {
    RevocationLists lists = read("ca.crl.pem");

    Revoked revoked = lists.find(List.of(certificate("stolen"), CA)).orElseThrow();

    assertThat(revoked.certificate()).isEqualTo(certificate("stolen"));
    assertThat(revoked.reason()).isEqualTo("keyCompromise");
    assertThat(revoked.problem(revoked.since().plusSeconds(7200)).what())
        .isEqualTo("was revoked 2 hours ago (CN=stolen, serial 1003, keyCompromise)");
    assertThat(lists.find(List.of(certificate("good"), CA))).isEmpty();
    assertThat(lists.find(List.of(certificate("deep"), INTER))).isEmpty();
    assertThat(lists.warnings(Instant.now())).isEmpty();
  }

  @Test
  void reads_der_too() {
    assertThat(read("ca.crl.der").find(List.of(certificate("stolen")))).isPresent();
  }

  @Test
  void an_authority_between_may_be_revoked() {
    assertThat(
            read("ca.crl.pem")
                .find(List.of(certificate("orphan"), certificate("badinter")))
                .orElseThrow()
                .certificate())
        .isEqualTo(certificate("badinter"));
  }

  @Test
  void the_list_of_an_authority_between_counts_for_chains_that_show_it() {
    RevocationLists lists = read("inter.crl.pem");

    assertThat(lists.find(List.of(certificate("deepstolen")))).isEmpty();
    assertThat(lists.find(List.of(certificate("deepstolen"), INTER))).isPresent();
    assertThat(lists.find(List.of(certificate("deep"), INTER))).isEmpty();
  }

  @Test
  void several_lists_stand_in_one_file_with_windows_line_ends() throws IOException {
    String both =
        Files.readString(FILES.resolve("ca.crl.pem"))
            + "and the other:\n"
            + Files.readString(FILES.resolve("inter.crl.pem"));
    Path file = Files.writeString(folder.resolve("both.crl.pem"), both.replace("\n", "\r\n"));

    RevocationLists lists = RevocationLists.read(List.of(file), List.of(CA));

    assertThat(lists.size()).isEqualTo(2);
    assertThat(lists.find(List.of(certificate("stolen"), CA))).isPresent();
    assertThat(lists.find(List.of(certificate("deepstolen"), INTER))).isPresent();
  }

  @Test
  void the_newest_list_of_an_authority_counts() {
    assertThat(read("empty.crl.pem", "ca.crl.pem").find(List.of(certificate("stolen"))))
        .isPresent();
    assertThat(read("ca.crl.pem", "empty.crl.pem").find(List.of(certificate("stolen"))))
        .isPresent();
    assertThat(read("ca.crl.pem", "empty.crl.pem").size()).isEqualTo(1);
  }

  @Test
  void a_list_out_of_date_still_counts_and_warns() {
    RevocationLists lists = read("old.crl.pem");

    assertThat(lists.find(List.of(certificate("stolen")))).isPresent();
    assertThat(lists.warnings(Instant.parse("2020-02-03T00:00:00Z")))
        .singleElement()
        .asString()
        .endsWith(
            "old.crl.pem:1: the list of revoked certificates of CN=crl test CA is out of date for 2"
                + " days (next update 2020-02-01T00:00:00Z); it still counts, but fetch a newer"
                + " one");
    assertThat(lists.warnings(Instant.parse("2019-12-31T00:00:00Z")))
        .singleElement()
        .asString()
        .contains("is from the future");
  }

  @Test
  void where_a_list_can_be_fetched_does_not_matter() {
    assertThat(read("point.crl.pem").find(List.of(certificate("stolen")))).isPresent();
  }

  @Test
  void a_list_of_a_part_is_refused() {
    refused("part.crl.pem", "is for some of the certificates or reasons only");
  }

  @Test
  void a_list_signed_by_a_namesake_is_refused() {
    refused("namesake.crl.pem", "is not signed by the trusted authority of that name");
  }

  @Test
  void an_authority_that_may_not_sign_lists_is_refused() {
    assertThatThrownBy(
            () ->
                RevocationLists.read(
                    List.of(FILES.resolve("nosign.crl.pem")), List.of(certificate("nosign"))))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("may not sign lists of revoked certificates");
  }

  @Test
  void an_altered_list_is_refused() throws IOException {
    byte[] der = Files.readAllBytes(FILES.resolve("ca.crl.der"));
    der[der.length - 1] ^= 1;
    Path file = Files.write(folder.resolve("altered.crl"), der);

    assertThatThrownBy(() -> RevocationLists.read(List.of(file), List.of(CA)))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("is not signed by the trusted authority of that name");
  }

  @Test
  void says_of_each_file_what_is_wrong_with_it() throws IOException {
    Path cut = folder.resolve("cut.crl.pem");
    String text = Files.readString(FILES.resolve("ca.crl.pem"));
    Files.writeString(cut, text.substring(0, text.length() / 2));
    Path binary = Files.write(folder.resolve("binary.crl"), new byte[] {0x30, 0x03, 1, 2, 3});

    assertThatThrownBy(
            () ->
                RevocationLists.read(
                    List.of(cut, binary, FILES.resolve("ca.crt.pem"), folder.resolve("none")),
                    List.of(CA)))
        .isInstanceOfSatisfying(
            IdentityException.class,
            e -> {
              assertThat(e.problems()).hasSize(4);
              assertThat(e.problems().get(0)).contains("the file is cut off");
              assertThat(e.problems().get(1)).contains("binary.crl: the list", "is damaged");
              assertThat(e.problems().get(2)).contains("holds no list of revoked certificates");
              assertThat(e.problems().get(3)).contains("none: does not exist");
            });
  }

  private static void refused(String file, String why) {
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining(why);
  }

  private static RevocationLists read(String... files) {
    return RevocationLists.read(Stream.of(files).map(FILES::resolve).toList(), List.of(CA));
  }

  private static X509Certificate certificate(String name) {
    return Pem.readCertificates(FILES.resolve(name + ".crt.pem")).get(0);
  }
}

package io.restpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserCommandTest {

  @TempDir private Path folder;

  private Captured user(int expected, String input, String... arguments) {
    var captured = new Captured(Map.of(), input);
    List<String> all = new ArrayList<>(List.of("user"));
    all.addAll(Arrays.asList(arguments));
    all.addAll(List.of("--cert-path", folder.toString()));
    assertThat(captured.server().run(all.toArray(String[]::new)))
        .as(captured.err())
        .isEqualTo(expected);
    return captured;
  }

  @Test
  void users_come_change_and_go() throws IOException {
    Path file = folder.resolve("users");
    Captured added =
        user(0, "correct horse\n", "add", "ann", "--email", "ann@example.org", "--role", "admin");
    assertThat(added.out())
        .isEqualTo("added user ann (file " + file + ")" + System.lineSeparator());
    user(0, "battery staple", "add", "bob");
    user(0, "", "role", "bob", "user,operator");
    user(0, "", "disable", "bob");
    String listed = user(0, "", "list").out();
    assertThat(listed.lines())
        .containsExactly(
            "NAME  ROLES          E-MAIL           STATE",
            "ann   admin          ann@example.org  active",
            "bob   operator,user  -                disabled");
    user(0, "", "enable", "bob");
    user(0, "", "role", "bob", "-");
    user(0, "another password\n", "passwd", "bob");
    assertThat(Files.readAllLines(file).get(1)).matches("bob:\\$argon2id\\$[^:]*");
    user(0, "", "remove", "bob");
    assertThat(user(0, "", "list").out()).doesNotContain("bob");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void what_is_wrong_is_said_and_nothing_is_changed() {
    assertThat(user(2, "", "disable", "ann").err()).contains("there is no user ann");
    assertThat(user(2, "", "add", "ann").err()).contains("there is no password on standard input");
    assertThat(user(2, "short\n", "add", "ann").err())
        .contains("a password has at least 8 characters")
        .doesNotContain("short\n");
    assertThat(user(2, "long enough\n", "add", "a:b").err()).contains("a user's name begins with");
    assertThat(user(2, "long enough\n", "add", "ann", "--role", "a b").err())
        .contains("a role has");
    assertThat(user(2, "", "add").err()).contains("NAME is missing");
    assertThat(user(2, "", "role", "ann").err()).contains("ROLE,... is missing");
    user(0, "long enough\n", "add", "ann");
    assertThat(user(2, "long enough\n", "add", "ann").err())
        .contains("there is a user ann already");
  }

  @Test
  void users_can_be_in_the_embedded_database() throws IOException {
    user(0, "correct horse\n", "add", "ann", "--role", "admin", "--users-stores", "sql");
    assertThat(user(0, "", "list", "--users-stores", "sql").out()).contains("ann   admin");
    assertThat(Files.getPosixFilePermissions(folder.resolve("users-db.mv.db")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    Files.setPosixFilePermissions(
        folder.resolve("users-db.mv.db"), PosixFilePermissions.fromString("rw-r--r--"));
    user(0, "", "list", "--users-stores", "sql");
    assertThat(Files.getPosixFilePermissions(folder.resolve("users-db.mv.db"))).hasSize(2);
    assertThat(user(2, "", "list", "--users-stores", "ldap", "--users-ldap-urls", "http://x").err())
        .contains("users.ldap_*: ");
    assertThat(
            user(
                    2,
                    "",
                    "list",
                    "--users-stores",
                    "ldap",
                    "--users-ldap-urls",
                    "ldaps://localhost:1",
                    "--users-ldap-base",
                    "dc=x")
                .err())
        .contains("users.stores names no store that can be changed here");
  }

  @Test
  void a_token_is_verified() throws IOException {
    Path key = folder.resolve("key");
    Files.writeString(
        key,
        "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hc"
            + "gUuTwjAzZr1Z9CAow\"}");
    String token =
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dH"
            + "A6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    assertThat(jwt(0, token + "\n", key, "--at", "1300819379").out())
        .contains("\"iss\":\"joe\"")
        .contains("is_root\":true}");
    assertThat(jwt(0, token, key, "--signature-only").out()).contains("joe");
    assertThat(jwt(9, token, key).err()).contains("the token is refused: it has expired (EXPIRED)");
    assertThat(jwt(9, token + "A", key, "--signature-only").err())
        .contains("the token is refused: ")
        .doesNotContain(token.substring(0, 20));
    assertThat(jwt(9, token, key, "--at", "1300819379", "--issuer", "ann").err())
        .contains("ISSUER_REFUSED");
    assertThat(jwt(2, token, key, "--alg", "none").err()).contains("--alg must be one of HS256, ");
    assertThat(jwt(2, token, folder.resolve("nothing")).err()).contains("there is no such file");
  }

  private static Captured jwt(int expected, String input, Path key, String... arguments) {
    var captured = new Captured(Map.of(), input);
    List<String> all = new ArrayList<>(List.of("jwt", "verify", "--key", key.toString()));
    all.addAll(Arrays.asList(arguments));
    assertThat(captured.server().run(all.toArray(String[]::new)))
        .as(captured.err())
        .isEqualTo(expected);
    return captured;
  }
}

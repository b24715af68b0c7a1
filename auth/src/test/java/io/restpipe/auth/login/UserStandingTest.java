package io.restpipe.auth.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.auth.jwt.FileDenialList;
import io.restpipe.auth.jwt.SigningKey;
import io.restpipe.auth.login.LoginHouse.Answered;
import io.restpipe.config.Secret;
import io.restpipe.security.Authentication;
import io.restpipe.security.Credentials;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is kept out, removed, or has a new password, is out at once and not when a token expires. */
class UserStandingTest {

  private static final SigningKey KEY = LoginHouse.key();

  @TempDir private Path folder;
  private LoginHouse house;

  @BeforeEach
  void open() throws Exception {
    house = new LoginHouse(folder, KEY);
  }

  @AfterEach
  void close() throws Exception {
    house.close();
  }

  private void reopen() throws Exception {
    Instant now = house.time.get();
    house.close();
    house = new LoginHouse(folder, KEY);
    house.time.set(now);
  }

  private int me(String token) throws Exception {
    return house.get("/auth/me").authorization("Bearer " + token).answer().status;
  }

  private String login() throws Exception {
    return house.login("ann", LoginHouse.PASSWORD).string("access_token");
  }

  private void assertOutAfter(Change change) throws Exception {
    String token = login();
    var basic = new BasicAuthenticator(house.passwords, house.time::get);
    assertThat(me(token)).isEqualTo(200);
    assertThat(ask(basic)).isInstanceOf(Authentication.Accepted.class);

    change.make();
    house.step(UserStanding.FRESH);

    assertThat(me(token)).isEqualTo(401);
    assertThat(ask(basic)).isEqualTo(Authentication.refused(""));
    assertThat(house.events)
        .anyMatch(event -> event.toString().contains("user is disabled or gone"));
  }

  @FunctionalInterface
  private interface Change {
    void make() throws Exception;
  }

  private Authentication ask(BasicAuthenticator basic) throws Exception {
    String both = "ann:" + LoginHouse.PASSWORD;
    String header =
        "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    return basic
        .authenticate(house.get("/x").authorization(header).credentials())
        .toCompletableFuture()
        .get(30, TimeUnit.SECONDS);
  }

  @Test
  void who_is_disabled_is_out() throws Exception {
    assertOutAfter(() -> house.users.setDisabled("ann", true));

    house.users.setDisabled("ann", false);
    house.step(UserStanding.FRESH);
    assertThat(house.login("ann", LoginHouse.PASSWORD).status).isEqualTo(200);
  }

  @Test
  void who_is_removed_is_out() throws Exception {
    assertOutAfter(() -> house.users.remove("ann"));
  }

  @Test
  void who_has_a_new_password_is_out() throws Exception {
    String refresh = house.login("ann", LoginHouse.PASSWORD).string("refresh_token");

    assertOutAfter(() -> house.users.setPassword("ann", new Secret("another password")));

    assertThat(
            house
                .post("/auth/refresh")
                .json("{\"refresh_token\":\"" + refresh + "\"}")
                .answer()
                .status)
        .isEqualTo(401);
    assertThat(house.login("ann", "another password").status).isEqualTo(200);
  }

  @Test
  void the_session_of_who_is_out_ends_for_other_processes_too() throws Exception {
    String token = login();
    String session =
        house
            .tokens
            .verified(credentials(token))
            .toCompletableFuture()
            .get()
            .token()
            .text("sid")
            .orElseThrow();
    house.users.setDisabled("ann", true);
    house.step(UserStanding.FRESH);
    assertThat(me(token)).isEqualTo(401);

    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(FileDenialList.follow(folder.resolve("denied")).isDenied(session))
                    .isTrue());
    house.users.setDisabled("ann", false);
    house.step(UserStanding.FRESH);
    assertThat(me(token)).isEqualTo(401);
  }

  private Credentials credentials(String token) {
    return house.get("/x").authorization("Bearer " + token).credentials();
  }

  @Test
  void roles_and_other_users_are_left_alone() throws Exception {
    String token = login();
    house.users.setRoles("ann", Set.of("user"));
    house.users.add("bob", null, new Secret("password of bob"), Set.of());
    house.users.setDisabled("bob", true);
    house.step(UserStanding.FRESH);

    assertThat(me(token)).isEqualTo(200);
  }

  @Test
  void while_the_store_is_down_its_last_word_holds() throws Exception {
    String token = login();
    house.isStoreDown = true;
    house.step(Duration.ofMinutes(5));

    assertThat(me(token)).isEqualTo(200);

    // Without a last word nobody can tell: that is no 401, and no way in.
    reopen();
    house.isStoreDown = true;
    Answered answer = house.get("/auth/me").authorization("Bearer " + token).answer();
    assertThat(answer.status).isEqualTo(503);
    assertThat(answer.headers.first("Retry-After")).isPresent();

    house.isStoreDown = false;
    house.step(UserStanding.FRESH);
    assertThat(me(token)).isEqualTo(200);
  }

  @Test
  void an_older_hash_that_is_replaced_is_no_new_password() throws Exception {
    house.close();
    Files.writeString(
        folder.resolve("users"),
        "old:$2y$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e\n");
    house = new LoginHouse(folder, KEY);
    Answered answer = house.login("old", "correct horse");
    assertThat(Files.readString(folder.resolve("users"))).contains("$argon2id$");
    house.step(UserStanding.FRESH);

    assertThat(me(answer.string("access_token"))).isEqualTo(200);
    Answered refreshed =
        house
            .post("/auth/refresh")
            .json("{\"refresh_token\":\"" + answer.string("refresh_token") + "\"}")
            .answer();
    assertThat(refreshed.status).isEqualTo(200);
  }

  @Test
  void the_end_of_a_session_withdraws_all_its_tokens() throws Exception {
    Answered login = house.login("ann", LoginHouse.PASSWORD);
    Answered second =
        house
            .post("/auth/refresh")
            .json("{\"refresh_token\":\"" + login.string("refresh_token") + "\"}")
            .answer();
    assertThat(me(login.string("access_token"))).isEqualTo(200);

    house.post("/auth/logout").authorization("Bearer " + second.string("access_token")).answer();

    assertThat(me(second.string("access_token"))).isEqualTo(401);
    assertThat(me(login.string("access_token"))).isEqualTo(401);
  }

  @Test
  void a_stolen_refresh_token_ends_the_access_tokens_too() throws Exception {
    Answered login = house.login("ann", LoginHouse.PASSWORD);
    String body = "{\"refresh_token\":\"" + login.string("refresh_token") + "\"}";
    Answered second = house.post("/auth/refresh").json(body).answer();

    assertThat(house.post("/auth/refresh").json(body).answer().status).isEqualTo(401);

    assertThat(me(second.string("access_token"))).isEqualTo(401);
  }
}

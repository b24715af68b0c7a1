package io.restpipe.auth.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.auth.jwt.SigningKey;
import io.restpipe.event.Principal;
import io.restpipe.security.Authentication;
import io.restpipe.security.Authentication.Accepted;
import io.restpipe.security.Authentication.Limited;
import io.restpipe.security.Authentication.Refused;
import io.restpipe.security.Authentication.Unavailable;
import io.restpipe.security.Authenticator;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a gateway is told of its callers. */
class AuthenticatorsTest {

  private static final SigningKey KEY = LoginHouse.key();

  @TempDir private Path folder;
  private LoginHouse house;
  private BasicAuthenticator basic;

  @BeforeEach
  void open() throws Exception {
    house = new LoginHouse(folder, KEY);
    basic = new BasicAuthenticator(house.passwords, house.time::get);
  }

  @AfterEach
  void close() throws Exception {
    house.close();
  }

  private Authentication ask(Authenticator authenticator, String authorization) throws Exception {
    return authenticator
        .authenticate(house.get("/x").authorization(authorization).credentials())
        .toCompletableFuture()
        .get(30, TimeUnit.SECONDS);
  }

  private static String basic(String user, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void a_token_says_who_it_is() throws Exception {
    String token = house.login("ann", LoginHouse.PASSWORD).string("access_token");

    var expected =
        Principal.user("ann").method(Principal.Method.BEARER).roles(java.util.Set.of("admin"));
    assertThat(ask(house.tokens, "Bearer " + token)).isEqualTo(new Accepted(expected.build()));
    assertThat(ask(house.tokens, "bEARER  " + token)).isEqualTo(new Accepted(expected.build()));
    var byCookie =
        house
            .tokens
            .authenticate(house.get("/x").cookie("access_token", token).credentials())
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
    assertThat(byCookie).isEqualTo(new Accepted(expected.method(Principal.Method.COOKIE).build()));
  }

  @Test
  void no_token_is_not_a_wrong_one() throws Exception {
    assertThat(ask(house.tokens, null)).isEqualTo(Authentication.ABSENT);
    assertThat(ask(house.tokens, basic("ann", "x"))).isEqualTo(Authentication.ABSENT);
    assertThat(ask(house.tokens, "Bearer nonsense"))
        .isEqualTo(
            new Refused(
                "token refused: it is not of three parts", "Bearer error=\"invalid_token\""));
    assertThat(ask(basic, null)).isEqualTo(Authentication.ABSENT);
    assertThat(ask(basic, "Bearer x")).isEqualTo(Authentication.ABSENT);
    assertThat(ask(basic, "Basic !!")).isInstanceOf(Refused.class);
  }

  @Test
  void an_expired_token_is_refused() throws Exception {
    String token = house.login("ann", LoginHouse.PASSWORD).string("access_token");
    house.step(Duration.ofMinutes(11));

    assertThat(ask(house.tokens, "Bearer " + token))
        .isEqualTo(new Refused("token refused: it has expired", "Bearer error=\"invalid_token\""));
  }

  @Test
  void a_name_and_a_password_say_who_it_is_and_are_remembered_for_a_minute() throws Exception {
    Authentication first = ask(basic, basic("ann", LoginHouse.PASSWORD));
    assertThat(first)
        .isEqualTo(
            new Accepted(
                Principal.user("ann")
                    .method(Principal.Method.BASIC)
                    .roles(java.util.Set.of("admin"))
                    .build()));
    house.isStoreDown = true;
    assertThat(ask(basic, basic("ann", LoginHouse.PASSWORD))).isEqualTo(first);
    assertThat(ask(basic, basic("ann", "wrong"))).isInstanceOf(Unavailable.class);
    house.step(Duration.ofSeconds(60));
    assertThat(ask(basic, basic("ann", LoginHouse.PASSWORD))).isInstanceOf(Unavailable.class);
  }

  @Test
  void wrong_passwords_are_counted() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(ask(basic, basic("ann", "wrong"))).isEqualTo(Authentication.refused(""));
    }
    assertThat(ask(basic, basic("ann", LoginHouse.PASSWORD)))
        .isEqualTo(new Limited("", Duration.ofMinutes(1)));
    // The gateway needs not tell the security log of it once more.
    assertThat(house.kinds())
        .containsExactly("AuthFail", "AuthFail", "AuthFail", "AccountLockout", "AuthFail");
  }

  @Test
  void what_the_throttle_remembers_is_bounded() {
    var throttle =
        new LoginThrottle(
            new LoginThrottle.Limits(3, Duration.ofMinutes(1), 10, Duration.ofMinutes(15)));
    for (int i = 0; i < 50_000; i++) {
      throttle.admit("user" + i, null, house.time.get());
    }
    assertThat(throttle.remembered()).isEqualTo(20_000);
  }
}

package io.restpipe.auth.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.auth.jwt.SigningKey;
import io.restpipe.auth.login.LoginHouse.Answered;
import io.restpipe.config.Secret;
import io.restpipe.security.SecurityEventKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What callers of the login service see, and what the security log and no other log gets. */
class LoginEndpointTest {

  private static final SigningKey KEY = LoginHouse.key();

  @TempDir private Path folder;
  private final CapturedLogs logs = new CapturedLogs();
  private LoginHouse house;

  @BeforeEach
  void open() throws Exception {
    house = new LoginHouse(folder, KEY);
  }

  /** The rule that holds for every test here. */
  @AfterEach
  void no_secret_is_in_any_log() throws Exception {
    house.close();
    logs.close();
    for (String line : logs.lines()) {
      assertThat(house.secrets).as(line).noneMatch(line::contains);
    }
    assertThat(house.events)
        .allSatisfy(event -> assertThat(house.secrets).noneMatch(event.toString()::contains));
  }

  @Test
  void a_password_becomes_tokens() throws Exception {
    Answered answer = house.login("ann", LoginHouse.PASSWORD);

    assertThat(answer.status).isEqualTo(200);
    assertThat(answer.headers.first("Cache-Control")).contains("no-store");
    assertThat(answer.headers.first("Content-Type")).contains("application/json");
    assertThat(answer.json())
        .containsEntry("token_type", "Bearer")
        .containsEntry("expires_in", 600L)
        .containsEntry(
            "user", Map.of("name", "ann", "email", "ann@example.org", "roles", List.of("admin")));
    assertThat(house.kinds()).containsExactly("AuthSuccess");
    Answered me =
        house.get("/auth/me").authorization("Bearer " + answer.string("access_token")).answer();
    assertThat(me.status).isEqualTo(200);
    assertThat(me.json())
        .containsEntry("name", "ann")
        .containsEntry("roles", List.of("admin"))
        .containsEntry("expires_at", "2027-01-15T08:10:00Z");
  }

  @Test
  void a_form_and_basic_and_an_address_will_do() throws Exception {
    assertThat(
            house
                .post("/auth/login")
                .form("username=ann%40example.org&password=pa55word+of%20ann")
                .answer()
                .status)
        .isEqualTo(200);
    String basic =
        Base64.getEncoder().encodeToString(("ann:" + LoginHouse.PASSWORD).getBytes("UTF-8"));
    assertThat(house.post("/auth/login").authorization("basic " + basic).answer().status)
        .isEqualTo(200);
  }

  @Test
  void an_unknown_user_and_a_wrong_password_are_answered_alike() throws Exception {
    Answered wrong = house.login("ann", "wrong");
    assertThat(house.decoys).hasValue(0);
    Answered unknown = house.login("carol", "wrong");
    assertThat(house.decoys).hasValue(1);
    house.users.setDisabled("ann", true);
    Answered disabled = house.login("ann", LoginHouse.PASSWORD);

    for (Answered answer : List.of(wrong, unknown, disabled)) {
      assertThat(answer.status).isEqualTo(401);
      assertThat(answer.text).isEqualTo(wrong.text);
      assertThat(answer.headers).isEqualTo(wrong.headers);
    }
    assertThat(wrong.headers.first("WWW-Authenticate")).contains("Bearer realm=\"restpipe\"");
    assertThat(house.events)
        .extracting(event -> event.fields().toString())
        .containsExactly(
            "{USER=ann, REASON=wrong password}",
            "{USER=carol, REASON=unknown user}",
            "{USER=ann, REASON=user is disabled}");
  }

  @Test
  void failures_are_answered_at_the_same_moments() throws Exception {
    house.close();
    house = new LoginHouse(folder, KEY, Duration.ofSeconds(1), 2, 64);
    for (String name : List.of("ann", "carol")) {
      long begun = System.nanoTime();
      house.login(name, "wrong");
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isGreaterThanOrEqualTo(Duration.ofMillis(999));
    }
  }

  @Test
  void the_slowest_hash_sets_the_pace_for_a_while() {
    long second = Duration.ofSeconds(1).toNanos();
    long minute = 60 * second;
    var time = new FailureTime(Duration.ofSeconds(1), 0);

    assertThat(time.wait(0, 0, second / 2)).isEqualTo(second / 2);
    assertThat(time.wait(0, 0, second + 1)).isEqualTo(second - 1);
    // The cheap ones take as long from now on, beside what they waited for their turn.
    assertThat(time.wait(minute, minute, minute + second / 2)).isEqualTo(3 * second / 2);
    assertThat(time.wait(minute, minute + second, minute + second)).isEqualTo(2 * second);
    // ... for ten minutes at least, and twenty at most.
    long later = 19 * minute;
    assertThat(time.wait(later, later, later)).isEqualTo(2 * second);
    later = 29 * minute + 2;
    assertThat(time.wait(later, later, later)).isEqualTo(second);
    assertThat(time.wait(later, later, later + 5 * second)).isEqualTo(second);
    assertThat(time.wait(later, later, later)).isEqualTo(3 * second);
    assertThat(new FailureTime(Duration.ZERO, 0).wait(0, 0, second)).isZero();
  }

  @Test
  void a_user_is_locked_after_failures_whether_it_is_there_or_not() throws Exception {
    for (String name : List.of("ann", "carol")) {
      house.events.clear();
      for (int i = 0; i < 3; i++) {
        assertThat(house.login(name, "wrong").status).isEqualTo(401);
      }
      assertThat(house.kinds())
          .containsExactly("AuthFail", "AuthFail", "AuthFail", "AccountLockout");
      Answered locked = house.login(name, LoginHouse.PASSWORD);
      assertThat(locked.status).isEqualTo(429);
      assertThat(locked.headers.first("Retry-After")).contains("60");
    }
    house.step(Duration.ofSeconds(60));
    assertThat(house.login("ann", LoginHouse.PASSWORD).status).isEqualTo(200);
  }

  @Test
  void each_lockout_is_longer_than_the_one_before() throws Exception {
    for (String expected : List.of("60", "120", "240")) {
      for (int i = 0; i < 3; i++) {
        house.login("ann", "wrong");
      }
      Answered locked = house.login("ann", "wrong");
      assertThat(locked.headers.first("Retry-After")).contains(expected);
      house.step(Duration.ofSeconds(Long.parseLong(expected)));
    }
  }

  @Test
  void names_count_as_directories_compare_them() throws Exception {
    for (String name : List.of("carol", "CAROL", " Carol ")) {
      assertThat(house.login(name, "wrong").status).isEqualTo(401);
    }

    assertThat(house.login("carol", "wrong").status).isEqualTo(429);
    assertThat(house.login("ann", LoginHouse.PASSWORD).status).isEqualTo(200);
  }

  @Test
  void lock_outs_outlive_a_restart() throws Exception {
    for (int i = 0; i < 3; i++) {
      house.login("ann", "wrong");
    }
    for (int i = 0; i < 7; i++) {
      house.login("user" + i, "wrong");
    }
    reopen();

    assertThat(house.login("ann", LoginHouse.PASSWORD).headers.first("Retry-After")).contains("60");
    assertThat(house.login("bob", "wrong").status).isEqualTo(429);
    assertThat(Files.readString(folder.resolve("lockouts"))).doesNotContain("ann", "192.0.2.7");

    // The next one is longer: it is known how often.
    house.step(Duration.ofSeconds(60));
    for (int i = 0; i < 3; i++) {
      fromElsewhere("wrong");
    }
    reopen();
    assertThat(fromElsewhere(LoginHouse.PASSWORD).headers.first("Retry-After")).contains("120");

    house.step(Duration.ofSeconds(120));
    assertThat(fromElsewhere(LoginHouse.PASSWORD).status).isEqualTo(200);
    reopen();
    for (int i = 0; i < 3; i++) {
      fromElsewhere("wrong");
    }
    assertThat(fromElsewhere(LoginHouse.PASSWORD).headers.first("Retry-After")).contains("60");
  }

  private Answered fromElsewhere(String password) throws Exception {
    return house
        .post("/auth/login")
        .from("192.0.2.8")
        .json("{\"username\":\"ann\",\"password\":\"" + password + "\"}")
        .answer();
  }

  private void reopen() throws Exception {
    Instant now = house.time.get();
    house.close();
    house = new LoginHouse(folder, KEY);
    house.time.set(now);
  }

  @Test
  void the_file_of_lock_outs_stays_short() throws Exception {
    Instant now = house.time.get();
    Path file = folder.resolve("many");
    var limits = new LoginThrottle.Limits(1, Duration.ofMinutes(1), 10, Duration.ofMinutes(15));
    try (var throttle = new LoginThrottle(limits, file)) {
      for (int i = 0; i < 2500; i++) {
        throttle.admit("user" + i % 7, null, now);
        throttle.failed("user" + i % 7, null, now);
        now = now.plus(Duration.ofHours(2));
      }
    }

    assertThat(Files.readAllLines(file)).hasSizeLessThan(1100);
    try (var throttle = new LoginThrottle(limits, file)) {
      Instant last = now.minus(Duration.ofHours(2));
      assertThat(throttle.admit("user0", null, last).isUserLocked()).isTrue();
      assertThat(throttle.admit("user1", null, last).isUserLocked()).isFalse();
    }
  }

  @Test
  void an_address_may_fail_only_so_often() throws Exception {
    for (int i = 0; i < 10; i++) {
      assertThat(house.login("user" + i, "wrong").status).isEqualTo(401);
    }
    assertThat(house.login("ann", LoginHouse.PASSWORD).status).isEqualTo(429);
    assertThat(
            house
                .post("/auth/login")
                .from("192.0.2.8")
                .json("{\"username\":\"ann\",\"password\":\"" + LoginHouse.PASSWORD + "\"}")
                .answer()
                .status)
        .isEqualTo(200);
  }

  @Test
  void a_hundred_guesses_at_once_are_no_better_than_three() throws Exception {
    List<CompletableFuture<Answered>> answers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      int number = i;
      answers.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return house.login("ann", "guess" + number);
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              }));
    }
    long checked =
        answers.stream().map(CompletableFuture::join).filter(a -> a.status == 401).count();

    assertThat(checked).isEqualTo(3);
  }

  @Test
  void a_store_that_is_down_is_nobodys_fault() throws Exception {
    String refresh = house.login("ann", LoginHouse.PASSWORD).string("refresh_token");
    house.isStoreDown = true;
    for (int i = 0; i < 5; i++) {
      Answered answer = house.login("ann", LoginHouse.PASSWORD);
      assertThat(answer.status).isEqualTo(503);
      assertThat(answer.headers.first("Retry-After")).contains("5");
      assertThat(answer.text).doesNotContain("store");
    }
    Answered refreshed =
        house.post("/auth/refresh").json("{\"refresh_token\":\"" + refresh + "\"}").answer();
    assertThat(refreshed.status).isEqualTo(503);
    assertThat(logs.lines()).anyMatch(line -> line.contains("no login can be checked now"));

    house.isStoreDown = false;
    assertThat(house.login("ann", LoginHouse.PASSWORD).status).isEqualTo(200);
    refreshed =
        house.post("/auth/refresh").json("{\"refresh_token\":\"" + refresh + "\"}").answer();
    assertThat(refreshed.status).isEqualTo(200);
  }

  @Test
  void more_logins_than_can_be_checked_are_turned_away() throws Exception {
    house.close();
    house = new LoginHouse(folder, KEY, Duration.ZERO, 1, 1);
    List<CompletableFuture<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String name = "user" + i;
      answers.add(
          house
              .endpoint
              .answer(
                  new io.restpipe.security.HttpEndpoint.Request(
                      "POST",
                      "/auth/login",
                      "",
                      io.restpipe.event.Headers.of("Content-Type", "application/json"),
                      io.restpipe.event.Body.of(
                          "{\"username\":\"" + name + "\",\"password\":\"x\"}"),
                      io.restpipe.security.Credentials.none()))
              .thenApply(answer -> answer.status())
              .toCompletableFuture());
    }

    assertThat(answers.stream().map(CompletableFuture::join).toList()).contains(401, 503);
    assertThat(house.kinds()).contains("LimitHit");
  }

  @Test
  void a_refresh_token_is_good_once_and_a_thief_ends_the_session() throws Exception {
    Answered login = house.login("ann", LoginHouse.PASSWORD);
    String first = login.string("refresh_token");
    house.step(Duration.ofHours(1));
    Answered second = refresh(first);
    assertThat(second.status).isEqualTo(200);
    assertThat(second.string("access_token")).isNotEqualTo(login.string("access_token"));
    house.events.clear();

    assertThat(refresh(first).status).isEqualTo(401);
    assertThat(refresh(second.string("refresh_token")).status).isEqualTo(401);
    assertThat(house.events)
        .extracting(event -> event.kind())
        .containsExactly(SecurityEventKind.TOKEN_REFUSED, SecurityEventKind.TOKEN_REFUSED);
    assertThat(house.events.peek().fields().toString())
        .isEqualTo("{USER=ann, REASON=refresh token was used before; its session has ended}");
  }

  private Answered refresh(String token) throws Exception {
    return house.post("/auth/refresh").json("{\"refresh_token\":\"" + token + "\"}").answer();
  }

  @Test
  void sessions_outlive_a_restart_and_end_in_time() throws Exception {
    String token = house.login("ann", LoginHouse.PASSWORD).string("refresh_token");
    var now = house.time.get();
    house.close();
    house = new LoginHouse(folder, KEY);
    house.time.set(now);

    Answered refreshed = refresh(token);
    assertThat(refreshed.status).isEqualTo(200);
    assertThat(refresh(token).status).isEqualTo(401);

    token = house.login("ann", LoginHouse.PASSWORD).string("refresh_token");
    house.step(Duration.ofDays(7));
    assertThat(refresh(token).status).isEqualTo(401);
  }

  @Test
  void who_is_kept_out_can_not_refresh_and_new_roles_count_from_then_on() throws Exception {
    String token = house.login("ann", LoginHouse.PASSWORD).string("refresh_token");
    house.users.setRoles("ann", Set.of("user"));
    Answered refreshed = refresh(token);
    assertThat(refreshed.text).contains("\"roles\":[\"user\"]");

    house.users.setDisabled("ann", true);
    assertThat(refresh(refreshed.string("refresh_token")).status).isEqualTo(401);
  }

  @Test
  void a_logout_withdraws_both_tokens() throws Exception {
    Answered login = house.login("ann", LoginHouse.PASSWORD);
    String bearer = "Bearer " + login.string("access_token");
    assertThat(house.get("/auth/me").authorization(bearer).answer().status).isEqualTo(200);

    assertThat(house.post("/auth/logout").authorization(bearer).answer().status).isEqualTo(204);

    assertThat(house.get("/auth/me").authorization(bearer).answer().status).isEqualTo(401);
    assertThat(house.get("/auth/me").answer().status).isEqualTo(401);
    assertThat(house.events)
        .extracting(event -> event.fields().toString())
        .endsWith("{REASON=token refused: it was withdrawn}", "{REASON=unauthorized}");
    assertThat(refresh(login.string("refresh_token")).status).isEqualTo(401);
    assertThat(house.post("/auth/logout").answer().status).isEqualTo(401);
  }

  @Test
  void a_page_gets_cookies() throws Exception {
    Answered login =
        house
            .post("/auth/login")
            .json("{\"username\":\"ann\",\"password\":\"pa55word of ann\",\"cookie\":true}")
            .answer();

    assertThat(login.json()).doesNotContainKeys("access_token", "refresh_token");
    assertThat(login.cookie("access_token"))
        .contains("; Path=/; Max-Age=600; SameSite=Strict; HttpOnly; Secure");
    assertThat(login.cookie("refresh_token")).contains("; Path=/auth; ").contains("HttpOnly");
    assertThat(login.cookie("restpipe_csrf")).doesNotContain("HttpOnly");
    assertThat(login.cookieValue("restpipe_csrf")).isEqualTo(login.string("csrf_token"));
    Answered me =
        house.get("/auth/me").cookie("access_token", login.cookieValue("access_token")).answer();
    assertThat(me.string("name")).isEqualTo("ann");
    Answered refreshed =
        house
            .post("/auth/refresh")
            .cookie("refresh_token", login.cookieValue("refresh_token"))
            .answer();
    assertThat(refreshed.cookieValue("refresh_token"))
        .isNotEqualTo(login.cookieValue("refresh_token"));
    Answered logout =
        house
            .post("/auth/logout")
            .cookie("access_token", refreshed.cookieValue("access_token"))
            .cookie("refresh_token", refreshed.cookieValue("refresh_token"))
            .answer();
    assertThat(logout.status).isEqualTo(204);
    assertThat(logout.cookie("access_token")).contains("access_token=; ").contains("Max-Age=0");
  }

  @Test
  void the_keys_are_published_without_what_is_secret() throws Exception {
    Answered keys = house.get("/auth/jwks.json").answer();

    assertThat(keys.status).isEqualTo(200);
    assertThat(keys.text).contains("\"kty\":\"EC\"").doesNotContain("\"d\":");
    assertThat(keys.headers.first("Cache-Control")).contains("public, max-age=300");
  }

  @Test
  void a_wrong_request_is_told_what_is_wrong() throws Exception {
    assertThat(house.post("/auth/login").json("{\"username\":\"ann\"}").answer().text)
        .contains("password is missing");
    assertThat(house.post("/auth/login").json("{}").answer().status).isEqualTo(400);
    assertThat(house.post("/auth/login").answer().status).isEqualTo(400);
    assertThat(house.post("/auth/login").json("{\"username\":").answer().text)
        .contains("the body is no JSON");
    assertThat(
            house
                .post("/auth/login")
                .json("{\"username\":\"a\",\"username\":\"b\",\"password\":\"c\"}")
                .answer()
                .status)
        .isEqualTo(400);
    assertThat(house.post("/auth/login").body("text/plain", "ann").answer().status).isEqualTo(415);
    assertThat(house.post("/auth/login").authorization("Basic !").answer().status).isEqualTo(400);
    assertThat(house.post("/auth/login").form("username=%zz").answer().status).isEqualTo(400);
    Answered get = house.get("/auth/login").answer();
    assertThat(get.status).isEqualTo(405);
    assertThat(get.headers.first("Allow")).contains("POST");
    assertThat(house.get("/auth/nothing").answer().status).isEqualTo(404);
    assertThat(house.get("/auth/me").answer().status).isEqualTo(401);
    assertThat(house.post("/auth/refresh").answer().status).isEqualTo(400);
    assertThat(refresh("nonsense").status).isEqualTo(401);
    assertThat(refresh("a.b").status).isEqualTo(401);
    // A query gets into logs: nobody logs in by it.
    assertThat(
            house
                .post("/auth/login")
                .query("username=ann&password=pa55word+of+ann")
                .answer()
                .status)
        .isEqualTo(400);
  }

  @Test
  void names_and_passwords_of_no_use_are_refused_without_a_hash() throws Exception {
    assertThat(house.login("a\\u0000b", "x").status).isEqualTo(401);
    assertThat(house.login("n".repeat(300), "x").status).isEqualTo(401);
    assertThat(house.login("ann", "x".repeat(2000)).status).isEqualTo(401);
    assertThat(house.decoys).hasValue(0);
  }

  @Test
  void sse_platform_registers_logs_in_and_out() throws Exception {
    house.secrets.add("eve's password");
    String query = "email=eve%40example.org&nickname=eve&password=eve%27s%20password";
    Answered registered = house.post("/register").query(query).answer();
    assertThat(registered.json()).containsEntry("status", 200L).containsEntry("success", true);
    assertThat(registered.cookieValue("access_token")).isEqualTo(registered.string("access_token"));
    assertThat(house.users.find("eve").orElseThrow().user().orElseThrow().roles())
        .containsExactly("user");

    Answered again = house.post("/register").query(query).answer();
    assertThat(again.status).isEqualTo(409);
    assertThat(again.text.strip())
        .isEqualTo(
            "{\"status\":409,\"reason\":\"username_already_exists\","
                + "\"redirect_suggestions\":[\"/login\"]}");

    String other = "email=%s%%40example.org&nickname=%s&password=long+enough";
    assertThat(house.post("/register").query(other.formatted("fay", "fay")).answer().status)
        .isEqualTo(200);
    assertThat(house.post("/register").query(other.formatted("guy", "guy")).answer().status)
        .isEqualTo(429);

    Answered login = house.post("/login").query(query).answer();
    assertThat(login.status).isEqualTo(200);
    assertThat(
            house
                .get("/auth/me")
                .authorization(login.string("access_token"))
                .answer()
                .string("name"))
        .isEqualTo("eve");
    Answered byEmail =
        house.post("/login").form("email=eve%40example.org&password=eve%27s+password").answer();
    assertThat(byEmail.status).isEqualTo(200);

    Answered wrong = house.post("/login").query("nickname=eve&password=wrong").answer();
    assertThat(wrong.text.strip())
        .isEqualTo(
            "{\"status\":401,\"success\":false,\"reason\":\"password_validation_failed\","
                + "\"redirect_suggestions\":[\"/login\",\"/register\"]}");
    Answered logout =
        house.post("/logout").cookie("access_token", login.string("access_token")).answer();
    assertThat(logout.text.strip())
        .isEqualTo("{\"status\":200,\"success\":true,\"redirect_suggestions\":[\"/login\"]}");
    assertThat(house.get("/auth/me").authorization(login.string("access_token")).answer().status)
        .isEqualTo(401);
    assertThat(
            house
                .post("/register")
                .query("email=x&nickname=y&password=long enough")
                .answer()
                .status)
        .isEqualTo(400);
    assertThat(
            house
                .post("/register")
                .query("email=m%40x.org&nickname=m%40y.org&password=long enough")
                .answer()
                .status)
        .isEqualTo(400);
    assertThat(house.users.find("ann").orElseThrow().check(new Secret(LoginHouse.PASSWORD)))
        .isPresent();
  }
}

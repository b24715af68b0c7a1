package io.restpipe.auth.login;

import io.restpipe.auth.internal.StrictJson;
import io.restpipe.auth.jwt.FileDenialList;
import io.restpipe.auth.jwt.JwsAlgorithm;
import io.restpipe.auth.jwt.JwtIssuer;
import io.restpipe.auth.jwt.JwtVerifier;
import io.restpipe.auth.jwt.KeySet;
import io.restpipe.auth.jwt.SigningKey;
import io.restpipe.auth.jwt.SigningKeyFile;
import io.restpipe.auth.jwt.TrustedIssuer;
import io.restpipe.auth.login.LoginService.SessionRules;
import io.restpipe.auth.password.FileUserStore;
import io.restpipe.auth.password.PasswordHash;
import io.restpipe.auth.password.StoreException;
import io.restpipe.auth.password.UserStore;
import io.restpipe.config.Secret;
import io.restpipe.event.Body;
import io.restpipe.event.Headers;
import io.restpipe.security.Credentials;
import io.restpipe.security.HttpEndpoint.Answer;
import io.restpipe.security.HttpEndpoint.Request;
import io.restpipe.security.SecurityEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A login service with a file of users, and what its callers need; its store can be taken away. */
final class LoginHouse implements AutoCloseable {

  static final String PASSWORD = "pa55word of ann";

  private static final String HASH = PasswordHash.make(new Secret(PASSWORD));

  final AtomicReference<Instant> time =
      new AtomicReference<>(Instant.ofEpochSecond(1_800_000_000L));
  final Queue<SecurityEvent> events = new ConcurrentLinkedQueue<>();
  final Queue<String> secrets = new ConcurrentLinkedQueue<>();
  final AtomicInteger decoys = new AtomicInteger();
  final FileUserStore users;
  final PasswordLogin passwords;
  final TokenAuthenticator tokens;
  final LoginService service;
  final LoginEndpoint endpoint;
  final SsePlatformEndpoint sse;
  volatile boolean isStoreDown;
  private final FileDenialList denials;

  LoginHouse(Path folder, SigningKey key) throws Exception {
    this(folder, key, Duration.ZERO, 2, 64);
  }

  LoginHouse(Path folder, SigningKey key, Duration failureTime, int threads, int waiting)
      throws Exception {
    Path file = folder.resolve("users");
    if (!Files.exists(file)) {
      Files.writeString(file, "ann:" + HASH + ":roles=admin:email=ann@example.org\n");
    }
    users = FileUserStore.open(file);
    secrets.add(PASSWORD);
    passwords =
        PasswordLogin.with(new Failing())
            .events(events::add)
            .clock(time::get)
            .failureTime(failureTime)
            .threads(threads, waiting)
            .lockout(3, Duration.ofMinutes(1))
            .addressLimit(10, Duration.ofMinutes(15))
            .build(folder.resolve("lockouts"));
    denials = FileDenialList.open(folder.resolve("denied"), time::get);
    var issuer = JwtIssuer.signingWith(key).name("login").clock(time::get).build();
    var verifier =
        JwtVerifier.trusting(TrustedIssuer.of(KeySet.of(key.verification())).name("login").build())
            .denials(denials)
            .clock(time::get)
            .build();
    service =
        LoginService.open(
            passwords,
            issuer,
            denials,
            new SessionRules(folder.resolve("sessions"), Duration.ofDays(7), Duration.ofDays(30)),
            time::get);
    tokens = TokenAuthenticator.acceptingBareTokens(verifier, "access_token").askingAgain(service);
    endpoint = new LoginEndpoint("/auth", service, tokens, () -> SigningKeyFile.jwks(List.of(key)));
    sse = new SsePlatformEndpoint(service, passwords, tokens, users);
  }

  static SigningKey key() {
    return SigningKey.generate(JwsAlgorithm.ES256);
  }

  private final class Failing implements UserStore {
    @Override
    public String name() {
      return "test";
    }

    @Override
    public Optional<Account> find(String login) throws StoreException {
      if (isStoreDown) {
        throw new StoreException("the store is down", null);
      }
      return users.find(login);
    }

    @Override
    public void checkNobody(Secret password) {
      decoys.incrementAndGet();
      users.checkNobody(password);
    }
  }

  /** A request to make. */
  final class Call {
    private final String method;
    private final String path;
    private String query = "";
    private Headers headers = Headers.empty();
    private String body = "";
    private String authorization;
    private final Map<String, String> cookies = new LinkedHashMap<>();
    private String address = "192.0.2.7";

    Call(String method, String path) {
      this.method = method;
      this.path = path;
    }

    Call json(String text) {
      body = text;
      headers = headers.with("Content-Type", "application/json; charset=utf-8");
      return this;
    }

    Call form(String text) {
      body = text;
      headers = headers.with("Content-Type", "application/x-www-form-urlencoded");
      return this;
    }

    Call body(String type, String text) {
      body = text;
      headers = headers.with("Content-Type", type);
      return this;
    }

    Call query(String text) {
      query = text;
      return this;
    }

    Call authorization(String value) {
      authorization = value;
      return this;
    }

    Call cookie(String name, String value) {
      cookies.put(name, value);
      return this;
    }

    Call from(String ip) {
      address = ip;
      return this;
    }

    Credentials credentials() {
      try {
        return Credentials.builder()
            .authorization(authorization)
            .cookies(cookies)
            .address(InetAddress.getByName(address))
            .build();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    Answered answer() throws Exception {
      var request = new Request(method, path, query, headers, Body.of(body), credentials());
      var face = path.startsWith("/auth") ? endpoint : sse;
      return new Answered(face.answer(request).toCompletableFuture().get(30, TimeUnit.SECONDS));
    }
  }

  /** What came. */
  final class Answered {
    final int status;
    final Headers headers;
    final String text;

    Answered(Answer answer) {
      status = answer.status();
      headers = answer.headers();
      ByteBuffer whole = answer.body().whole();
      text = StandardCharsets.UTF_8.decode(whole).toString();
      for (String name : List.of("access_token", "refresh_token")) {
        Object secret = text.startsWith("{") ? json().get(name) : null;
        if (secret != null) {
          secrets.add(secret.toString());
        }
      }
      for (String cookie : headers.all("Set-Cookie")) {
        String value = cookie.substring(cookie.indexOf('=') + 1, cookie.indexOf(';'));
        if (!value.isEmpty()) {
          secrets.add(value);
        }
      }
    }

    Map<String, Object> json() {
      try {
        return StrictJson.object(text);
      } catch (StrictJson.JsonException e) {
        throw new AssertionError(text, e);
      }
    }

    String string(String name) {
      return (String) json().get(name);
    }

    String cookie(String name) {
      return headers.all("Set-Cookie").stream()
          .filter(cookie -> cookie.startsWith(name + "="))
          .findFirst()
          .orElseThrow();
    }

    String cookieValue(String name) {
      String cookie = cookie(name);
      return cookie.substring(name.length() + 1, cookie.indexOf(';'));
    }
  }

  Call post(String path) {
    return new Call("POST", path);
  }

  Call get(String path) {
    return new Call("GET", path);
  }

  Answered login(String name, String password) throws Exception {
    return post("/auth/login")
        .json("{\"username\":\"" + name + "\",\"password\":\"" + password + "\"}")
        .answer();
  }

  Collection<String> kinds() {
    return events.stream().map(event -> event.kind().signature()).toList();
  }

  void step(Duration by) {
    time.updateAndGet(now -> now.plus(by));
  }

  @Override
  public void close() throws Exception {
    tokens.close();
    service.close();
    denials.close();
    users.close();
  }
}

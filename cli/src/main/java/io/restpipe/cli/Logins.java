package io.restpipe.cli;

import io.restpipe.auth.jwt.DenialList;
import io.restpipe.auth.jwt.FileDenialList;
import io.restpipe.auth.jwt.JwsAlgorithm;
import io.restpipe.auth.jwt.JwtIssuer;
import io.restpipe.auth.jwt.JwtVerifier;
import io.restpipe.auth.jwt.KeyException;
import io.restpipe.auth.login.BasicAuthenticator;
import io.restpipe.auth.login.LoginEndpoint;
import io.restpipe.auth.login.LoginService;
import io.restpipe.auth.login.PasswordLogin;
import io.restpipe.auth.login.SsePlatformEndpoint;
import io.restpipe.auth.login.TokenAuthenticator;
import io.restpipe.auth.password.UserStore;
import io.restpipe.config.Settings;
import io.restpipe.security.Authenticator;
import io.restpipe.security.HttpEndpoint;
import io.restpipe.security.SecurityLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the settings make of users and tokens: who callers of the gateway are, and where they log
 * in. Each part is there only if the settings tell of it.
 */
final class Logins implements AutoCloseable {

  private static final String PATH = "/auth";
  private static final String SESSIONS = "restpipe.sessions";
  private static final String LOCKOUTS = "restpipe.lockouts";
  private static final String DENIED = "restpipe.denied-tokens";
  private static final InstantSource CLOCK = InstantSource.system();

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final Map<String, HttpEndpoint> endpoints = new LinkedHashMap<>();
  private @Nullable TokenAuthenticator tokens;
  private @Nullable BasicAuthenticator basic;

  private Logins() {}

  /** Of a client: callers may be known by tokens from elsewhere, and nobody logs in. */
  static Logins verifying(Settings settings) throws CommandException {
    var logins = new Logins();
    try {
      TokenKeys keys = logins.opened(TokenKeys.verifying(settings));
      if (!keys.trusted().isEmpty()) {
        JwtVerifier verifier = verifier(settings, keys, logins.denials(settings, false));
        logins.tokens =
            logins.opened(TokenAuthenticator.of(verifier, settings.get(LoginSettings.COOKIE)));
      }
      return logins;
    } catch (KeyException | IllegalArgumentException wrong) {
      logins.close();
      throw new CommandException(ExitCode.USAGE, String.valueOf(wrong.getMessage()), wrong);
    } catch (IOException wrong) {
      logins.close();
      throw new CommandException(ExitCode.USAGE, Sentence.of(wrong), wrong);
    }
  }

  /**
   * Opens what the settings tell of.
   *
   * @param alone whether logging in is all that this process does
   * @param log where failures are told
   */
  static Logins open(Settings settings, boolean alone, SecurityLog log) throws CommandException {
    var logins = new Logins();
    try {
      boolean users = alone || ConfiguredUsers.areThere(settings);
      boolean login = alone || settings.find(LoginSettings.ENABLED).orElse(users);
      logins.open(settings, log, users || login, login);
      return logins;
    } catch (KeyException | IllegalArgumentException wrong) {
      logins.close();
      throw new CommandException(ExitCode.USAGE, String.valueOf(wrong.getMessage()), wrong);
    } catch (IOException wrong) {
      logins.close();
      throw new CommandException(ExitCode.USAGE, Sentence.of(wrong), wrong);
    } catch (CommandException wrong) {
      logins.close();
      throw wrong;
    }
  }

  private void open(Settings settings, SecurityLog log, boolean withUsers, boolean login)
      throws CommandException, KeyException, IOException {
    PasswordLogin passwords = null;
    ConfiguredUsers users = null;
    if (withUsers) {
      users = opened(ConfiguredUsers.open(settings));
      users.createAdmin(settings);
      passwords = opened(passwords(settings, users.store(), log));
      basic = new BasicAuthenticator(passwords, CLOCK);
    }
    TokenKeys keys = opened(TokenKeys.open(settings, login));
    if (keys.trusted().isEmpty()) {
      return;
    }
    DenialList denials = denials(settings, login);
    JwtVerifier verifier = verifier(settings, keys, denials);
    String cookie = settings.get(LoginSettings.COOKIE);
    TokenAuthenticator authenticator =
        opened(
            settings.get(LoginSettings.SSE_PLATFORM)
                ? TokenAuthenticator.acceptingBareTokens(verifier, cookie)
                : TokenAuthenticator.of(verifier, cookie));
    tokens = authenticator;
    if (login && passwords != null && users != null) {
      JwtIssuer issuer = issuer(settings, keys);
      LoginService service =
          opened(LoginService.open(passwords, issuer, denials, sessions(settings), CLOCK));
      authenticator = opened(authenticator.askingAgain(service));
      tokens = authenticator;
      endpoints.put(PATH, new LoginEndpoint(PATH, service, authenticator, keys::published));
      if (settings.get(LoginSettings.SSE_PLATFORM)) {
        var sse =
            new SsePlatformEndpoint(
                service,
                passwords,
                authenticator,
                settings.get(LoginSettings.REGISTER) ? users.directory() : null);
        SsePlatformEndpoint.PATHS.forEach(path -> endpoints.put(path, sse));
      }
    }
  }

  private <T extends AutoCloseable> T opened(T part) {
    opened.push(part);
    return part;
  }

  private static PasswordLogin passwords(Settings settings, UserStore users, SecurityLog log)
      throws IOException {
    return PasswordLogin.with(users)
        .events(log)
        .lockout(settings.get(LoginSettings.MAX_FAILURES), settings.get(LoginSettings.LOCKOUT))
        .addressLimit(
            settings.get(LoginSettings.ADDRESS_FAILURES),
            settings.get(LoginSettings.FAILURE_WINDOW))
        .threads(settings.get(LoginSettings.HASH_THREADS), 64)
        .build(folder(settings).resolve(LOCKOUTS));
  }

  private DenialList denials(Settings settings, boolean login) throws IOException {
    if (login) {
      return opened(FileDenialList.open(folder(settings).resolve(DENIED), CLOCK));
    }
    Optional<Path> others = settings.find(LoginSettings.DENIED_FILE);
    return others.isPresent() ? FileDenialList.follow(others.orElseThrow()) : DenialList.NONE;
  }

  private static Path folder(Settings settings) {
    return settings.get(ServerSettings.CERT_PATH);
  }

  private static LoginService.SessionRules sessions(Settings settings) {
    return new LoginService.SessionRules(
        folder(settings).resolve(SESSIONS),
        settings.get(LoginSettings.REFRESH_LIFETIME),
        settings.get(LoginSettings.SESSION_LIFETIME));
  }

  private static JwtVerifier verifier(Settings settings, TokenKeys keys, DenialList denials) {
    JwtVerifier.Builder builder = null;
    for (var issuer : keys.trusted()) {
      builder = builder == null ? JwtVerifier.trusting(issuer) : builder.trust(issuer);
    }
    if (builder == null) {
      throw new IllegalStateException("no issuer");
    }
    return builder.denials(denials).leeway(settings.get(LoginSettings.LEEWAY)).clock(CLOCK).build();
  }

  private static JwtIssuer issuer(Settings settings, TokenKeys keys) {
    JwtIssuer.Builder builder =
        JwtIssuer.signingWith(keys.signing())
            .lifetime(settings.get(LoginSettings.EXPIRATION_DELTA))
            .clock(CLOCK);
    settings.find(LoginSettings.ISSUER).ifPresent(builder::name);
    settings
        .find(LoginSettings.AUDIENCE)
        .ifPresent(audience -> builder.audience(java.util.List.of(audience)));
    return builder.build();
  }

  /** Knows callers by a token; there if tokens can be verified. */
  Optional<Authenticator> tokens() {
    return Optional.ofNullable(tokens);
  }

  /** Knows callers by name and password; there if there are users. */
  Optional<Authenticator> basic() {
    return Optional.ofNullable(basic);
  }

  /** What answers which path. */
  Map<String, HttpEndpoint> endpoints() {
    return endpoints;
  }

  /** The algorithm that the settings name. */
  static @Nullable JwsAlgorithm algorithm(Settings settings) {
    return settings.find(LoginSettings.JWT_ALGORITHM).orElse(null);
  }

  @Override
  public void close() {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        // The process ends; nothing is lost that was not on disk.
      }
    }
  }
}

package io.restpipe.cli;

import io.restpipe.auth.jwt.JwsAlgorithm;
import io.restpipe.auth.jwt.KeyException;
import io.restpipe.auth.jwt.KeyFile;
import io.restpipe.auth.jwt.KeySet;
import io.restpipe.auth.jwt.RemoteKeySet;
import io.restpipe.auth.jwt.SigningKey;
import io.restpipe.auth.jwt.SigningKeyFile;
import io.restpipe.auth.jwt.TrustedIssuer;
import io.restpipe.auth.jwt.VerificationKeys;
import io.restpipe.config.Secret;
import io.restpipe.config.Settings;
import io.restpipe.security.AtomicFile;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The keys that the settings tell of: one to sign with, and whose tokens are believed. */
final class TokenKeys implements AutoCloseable {

  private static final String OWN_KEY = "restpipe.jwt.key.json";

  private final Settings settings;
  private final List<TrustedIssuer> trusted = new ArrayList<>();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private @Nullable Supplier<SigningKey> signing;
  private Supplier<Map<String, Object>> published = () -> Map.of("keys", List.of());

  private TokenKeys(Settings settings) {
    this.settings = settings;
  }

  /**
   * Opens them.
   *
   * @param signs whether tokens are issued here
   */
  static TokenKeys open(Settings settings, boolean signs)
      throws KeyException, CommandException, IOException {
    var keys = new TokenKeys(settings);
    try {
      keys.open(signs);
      return keys;
    } catch (KeyException | CommandException | IOException | RuntimeException e) {
      keys.close();
      throw e;
    }
  }

  /** Opens those by which tokens are verified, where none are issued. */
  static TokenKeys verifying(Settings settings) throws KeyException {
    var keys = new TokenKeys(settings);
    try {
      Optional<Secret> secret = settings.find(LoginSettings.SECRET_KEY);
      if (secret.isPresent()) {
        keys.own(keys.secret(secret.orElseThrow()));
      }
      keys.others();
      return keys;
    } catch (KeyException | RuntimeException e) {
      keys.close();
      throw e;
    }
  }

  private void open(boolean signs) throws KeyException, CommandException, IOException {
    Optional<Secret> secret = settings.find(LoginSettings.SECRET_KEY);
    Optional<Path> file = settings.find(LoginSettings.KEY_FILE);
    if (secret.isPresent() && file.isPresent()) {
      throw new CommandException(
          ExitCode.USAGE,
          settings
              .problem(
                  LoginSettings.KEY_FILE,
                  "must not be there beside jwt.secret_key: take one of them out")
              .toString());
    }
    if (secret.isPresent()) {
      own(secret(secret.orElseThrow()));
    } else if (file.isPresent()) {
      own(file.orElseThrow());
    } else if (signs) {
      Path made = settings.get(ServerSettings.CERT_PATH).resolve(OWN_KEY);
      AtomicFile.makeFolder(settings.get(ServerSettings.CERT_PATH));
      SigningKey.readOrMake(made);
      own(made);
    }
    others();
  }

  private SigningKey secret(Secret secret) throws KeyException {
    JwsAlgorithm algorithm = settings.find(LoginSettings.JWT_ALGORITHM).orElse(JwsAlgorithm.HS256);
    try {
      return SigningKey.secret(algorithm, secret.reveal().getBytes(StandardCharsets.UTF_8));
    } catch (KeyException wrong) {
      throw new KeyException(
          "%s (%s): %s"
              .formatted(
                  LoginSettings.SECRET_KEY.key(),
                  settings.origin(LoginSettings.SECRET_KEY),
                  wrong.getMessage()),
          wrong);
    }
  }

  private void own(SigningKey key) {
    signing = () -> key;
    trust(KeySet.of(key.verification()), settings.find(LoginSettings.ISSUER));
  }

  private void own(Path file) throws KeyException {
    JwsAlgorithm wanted = Logins.algorithm(settings);
    SigningKeyFile keys = SigningKeyFile.open(file, wanted);
    opened.add(keys);
    signing = keys;
    published = keys::publicJwks;
    KeyFile verifying = KeyFile.open(file, wanted == null ? List.of() : List.of(wanted));
    opened.add(verifying);
    trust(verifying, settings.find(LoginSettings.ISSUER));
  }

  /** Those of login servers elsewhere. */
  private void others() throws KeyException {
    JwsAlgorithm wanted = Logins.algorithm(settings);
    Optional<Path> file = settings.find(LoginSettings.VERIFY_KEY_FILE);
    if (file.isPresent()) {
      KeyFile keys = KeyFile.open(file.orElseThrow(), wanted == null ? List.of() : List.of(wanted));
      opened.add(keys);
      trust(keys, settings.find(LoginSettings.ISSUER));
    }
    Optional<String> url = settings.find(LoginSettings.JWKS_URL);
    if (url.isPresent()) {
      trust(
          remote(RemoteKeySet.at(URI.create(url.orElseThrow()))),
          settings.find(LoginSettings.ISSUER));
    }
    Optional<String> provider = settings.find(LoginSettings.OIDC_ISSUER);
    if (provider.isPresent()) {
      trust(remote(RemoteKeySet.ofIssuer(provider.orElseThrow())), provider);
    }
  }

  private RemoteKeySet remote(RemoteKeySet.Builder builder) {
    settings.find(LoginSettings.JWKS_HOSTS).orElse(List.of()).forEach(builder::allowHost);
    if (settings.find(CommonSettings.DEV).orElse(false)) {
      builder.allowPlainLoopback();
    }
    return builder.build();
  }

  private void trust(VerificationKeys keys, Optional<String> name) {
    TrustedIssuer.Builder issuer = TrustedIssuer.of(keys);
    name.ifPresent(issuer::name);
    settings.find(LoginSettings.AUDIENCE).ifPresent(issuer::audience);
    trusted.add(issuer.build());
  }

  List<TrustedIssuer> trusted() {
    return trusted;
  }

  /** The key that signs. */
  Supplier<SigningKey> signing() {
    if (signing == null) {
      throw new IllegalStateException("tokens are issued elsewhere");
    }
    return signing;
  }

  /** The public keys, as a set. */
  Map<String, Object> published() {
    return published.get();
  }

  @Override
  public void close() {
    for (AutoCloseable part : opened) {
      try {
        part.close();
      } catch (Exception e) {
        // The process ends.
      }
    }
  }
}

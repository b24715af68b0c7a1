package io.restpipe.auth.identity;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a new authority is made. Immutable: each method that names a value returns a copy.
 *
 * <p>Without more, its keys are ECDSA's on P-256, not encrypted, all in the authority's folder, and
 * it is valid for {@link CertificateAuthority#LIFETIME}.
 */
public final class AuthorityOptions {

  private final String name;
  private final KeyAlgorithm algorithm;
  private final Duration lifetime;
  private final @Nullable Path rootKeys;
  private final char @Nullable [] passphrase;
  private final @Nullable String crlUrl;

  private AuthorityOptions(
      String name,
      KeyAlgorithm algorithm,
      Duration lifetime,
      @Nullable Path rootKeys,
      char @Nullable [] passphrase,
      @Nullable String crlUrl) {
    this.name = name;
    this.algorithm = algorithm;
    this.lifetime = lifetime;
    this.rootKeys = rootKeys;
    this.passphrase = passphrase;
    this.crlUrl = crlUrl;
  }

  /**
   * An authority of this name.
   *
   * @param name the common name of its certificate: 1 to 64 printable ASCII characters
   */
  public static AuthorityOptions named(String name) {
    if (!name.matches("[ -~]{1,64}") || name.isBlank()) {
      throw new IllegalArgumentException(
          "name of an authority: must be 1 to 64 printable ASCII characters: \"" + name + '"');
    }
    return new AuthorityOptions(
        name, KeyAlgorithm.ECDSA, CertificateAuthority.LIFETIME, null, null, null);
  }

  /** The kind of its keys. */
  public AuthorityOptions algorithm(KeyAlgorithm newAlgorithm) {
    return new AuthorityOptions(name, newAlgorithm, lifetime, rootKeys, passphrase, crlUrl);
  }

  /** How long it is valid: an hour at least. */
  public AuthorityOptions validFor(Duration newLifetime) {
    if (newLifetime.compareTo(Duration.ofHours(1)) < 0) {
      throw new IllegalArgumentException("lifetime of an authority < 1 h: " + newLifetime);
    }
    return new AuthorityOptions(name, algorithm, newLifetime, rootKeys, passphrase, crlUrl);
  }

  /** Keeps the root's key in a folder of its own, such as a disk that is put away. */
  public AuthorityOptions rootKeyIn(Path folder) {
    return new AuthorityOptions(name, algorithm, lifetime, folder, passphrase, crlUrl);
  }

  /** Encrypts its keys. */
  public AuthorityOptions encryptedWith(char[] newPassphrase) {
    if (newPassphrase.length == 0) {
      throw new IllegalArgumentException("an empty passphrase protects nothing");
    }
    return new AuthorityOptions(name, algorithm, lifetime, rootKeys, newPassphrase.clone(), crlUrl);
  }

  /**
   * Says in each certificate where its list of revoked certificates can be fetched, for those who
   * look there; nodes do not.
   *
   * @param url begins with {@code http://}, {@code https://} or {@code ldap://}
   */
  public AuthorityOptions revocationsAt(String url) {
    if (!AuthorityFiles.isUrl(url)) {
      throw new IllegalArgumentException(
          "where revoked certificates are listed: must be an http, https or ldap URL: \""
              + url
              + '"');
    }
    return new AuthorityOptions(name, algorithm, lifetime, rootKeys, passphrase, url);
  }

  Optional<String> crlUrl() {
    return Optional.ofNullable(crlUrl);
  }

  String name() {
    return name;
  }

  KeyAlgorithm algorithm() {
    return algorithm;
  }

  Duration lifetime() {
    return lifetime;
  }

  Optional<Path> rootKeys() {
    return Optional.ofNullable(rootKeys);
  }

  char @Nullable [] passphrase() {
    return passphrase;
  }
}

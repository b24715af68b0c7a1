package io.restpipe.security;

import io.restpipe.security.AtomicFile.Access;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The three PEM files that make a node's identity. {@code docs/identities.md} says what is checked.
 *
 * @param role what the node is
 * @param key its private key
 * @param chain its certificate, then the intermediates
 * @param trustAnchors the authorities whose peers are let in
 */
public record IdentityFiles(NodeRole role, Path key, Path chain, Path trustAnchors) {

  private static final Logger log = LoggerFactory.getLogger(IdentityFiles.class);

  /** What the authorities' file is called where nothing else is configured. */
  public static final String TRUST_ANCHORS = "ca.crt.pem";

  /** The files in a folder, under the names that are used where nothing else is configured. */
  public static IdentityFiles in(Path folder, NodeRole role) {
    return new IdentityFiles(
        role,
        folder.resolve("restpipe." + role + ".key.pem"),
        folder.resolve("restpipe." + role + ".crt.pem"),
        folder.resolve(TRUST_ANCHORS));
  }

  /**
   * Reads the files, and checks no more than that each is what it should be.
   *
   * @throws IdentityException with a problem for each file that can't be read
   */
  public Identity load() {
    return load(PassphraseSource.NONE);
  }

  /**
   * The same, where the key may be encrypted.
   *
   * @throws IdentityException with a problem for each file that can't be read
   */
  public Identity load(PassphraseSource passphrases) {
    List<String> problems = new ArrayList<>();
    PrivateKey privateKey = collect(problems, () -> Pem.readPrivateKey(key, passphrases));
    List<X509Certificate> certificates = collect(problems, () -> Pem.readCertificates(chain));
    List<X509Certificate> anchors = collect(problems, () -> Pem.readCertificates(trustAnchors));
    if (privateKey == null || certificates == null || anchors == null) {
      throw new IdentityException(problems);
    }
    return new Identity(privateKey, certificates, anchors);
  }

  private static <T> @Nullable T collect(List<String> problems, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (IdentityException e) {
      problems.addAll(e.problems());
      return null;
    }
  }

  /**
   * Reads the files and checks that a node can work with them now: the key fits the certificate,
   * the chain leads to a trust anchor, dates, usage, name. Warns of a key that others may read.
   *
   * @throws IdentityException with all that is wrong
   */
  public Identity loadChecked(Instant now) {
    return loadChecked(now, PassphraseSource.NONE);
  }

  /**
   * The same, where the key may be encrypted.
   *
   * @throws IdentityException with all that is wrong
   */
  public Identity loadChecked(Instant now, PassphraseSource passphrases) {
    Identity identity = load(passphrases);
    List<String> problems = problems(identity, now);
    if (!problems.isEmpty()) {
      throw new IdentityException(problems);
    }
    if (isOpenToOthers()) {
      log.warn("{}: others may read this private key; chmod 600 {}", key, key);
    }
    return identity;
  }

  /** What is wrong with an identity that came from these files; empty where nothing is. */
  List<String> problems(Identity identity, Instant now) {
    List<String> problems = new ArrayList<>();
    keyProblem(identity).ifPresent(problems::add);
    for (CertificateProblem problem :
        new CertificateCheck(identity.trustAnchors(), role, now).problems(identity.chain())) {
      problems.add("%s: certificate %s; %s".formatted(chain, problem.what(), remedy(problem)));
    }
    return problems;
  }

  private Optional<String> keyProblem(Identity identity) {
    if (Identity.fits(identity.privateKey(), identity.certificate().getPublicKey())) {
      return Optional.empty();
    }
    boolean another =
        identity.chain().stream()
            .anyMatch(other -> Identity.fits(identity.privateKey(), other.getPublicKey()));
    return Optional.of(
        another
            ? "%s: the first certificate is not the one of %s; put the node's own certificate first"
                .formatted(chain, key)
            : "%s: does not fit the certificate in %s (%s); use the key that the certificate was made for"
                .formatted(
                    key,
                    chain,
                    CertificateCheck.name(identity.certificate().getSubjectX500Principal())));
  }

  private String remedy(CertificateProblem problem) {
    return switch (problem.kind()) {
      case EXPIRED, REVOKED, NO_NAME -> "issue a new one with rp-ca issue";
      case NOT_YET_VALID -> "set this machine's clock, or issue a new one with rp-ca issue";
      case AUTHORITY_EXPIRED ->
          "make a new authority with rp-ca init, and put its certificate into " + trustAnchors;
      case UNTRUSTED ->
          "use a certificate of the authority in %s, or put its authority there"
              .formatted(trustAnchors);
      case INVALID_CHAIN ->
          "put the intermediate certificates after the node's own, or issue a new one with rp-ca issue";
      case WRONG_USAGE -> "issue one with rp-ca issue --" + role;
    };
  }

  private boolean isOpenToOthers() {
    try {
      return Files.getPosixFilePermissions(key).stream()
          .anyMatch(
              permission ->
                  permission != PosixFilePermission.OWNER_READ
                      && permission != PosixFilePermission.OWNER_WRITE
                      && permission != PosixFilePermission.OWNER_EXECUTE);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /**
   * Checks these files, and if nothing is wrong puts their content in the place of others. Each
   * file is replaced whole; a folder that is not there is made for its owner only; the key is
   * written with mode 0600, as PKCS#8.
   *
   * @throws IdentityException with all that is wrong; nothing was replaced then
   * @throws IOException if a file could not be written
   */
  public Identity install(IdentityFiles target, Instant now) throws IOException {
    return install(target, now, PassphraseSource.NONE);
  }

  /**
   * The same, where the key may be encrypted: it is then written encrypted, with the same
   * passphrase.
   *
   * @throws IdentityException with all that is wrong; nothing was replaced then
   * @throws IOException if a file could not be written
   */
  public Identity install(IdentityFiles target, Instant now, PassphraseSource passphrases)
      throws IOException {
    Identity identity = loadChecked(now, passphrases);
    target.write(identity, encode(identity, Pem.isEncrypted(key), passphrases));
    return identity;
  }

  /** Writes an identity into these files, whatever was there, without checking it. */
  public void write(Identity identity) throws IOException {
    write(identity, Pem.write(identity.privateKey()));
  }

  /**
   * Writes an identity in the place of the one that is there, without checking it: where that one's
   * key is encrypted, the new one will be, too.
   */
  public void write(Identity identity, PassphraseSource passphrases) throws IOException {
    boolean encrypted = Files.exists(key) && Pem.isEncrypted(key);
    write(identity, encode(identity, encrypted, passphrases));
  }

  private byte[] encode(Identity identity, boolean encrypted, PassphraseSource passphrases) {
    char[] passphrase = encrypted ? passphrases.passphrase(key.toString()) : null;
    if (passphrase == null) {
      return Pem.write(identity.privateKey());
    }
    try {
      return Pem.write(identity.privateKey(), passphrase);
    } finally {
      Arrays.fill(passphrase, '\0');
    }
  }

  private void write(Identity identity, byte[] pem) throws IOException {
    for (Path file : List.of(key, chain, trustAnchors)) {
      AtomicFile.makeFolder(file.resolveSibling(""));
    }
    // All three are on disk before the first takes its place.
    try (AtomicFile newKey = AtomicFile.prepare(key, pem, Access.OWNER);
        AtomicFile newChain =
            AtomicFile.prepare(chain, Pem.write(identity.chain()), Access.EVERYONE);
        AtomicFile newAnchors =
            AtomicFile.prepare(trustAnchors, Pem.write(identity.trustAnchors()), Access.EVERYONE)) {
      newAnchors.replace();
      newChain.replace();
      newKey.replace();
    }
  }
}

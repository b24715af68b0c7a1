package io.restpipe.auth.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.restpipe.security.AtomicFile;
import io.restpipe.security.AtomicFile.Access;
import io.restpipe.security.IdentityException;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.PassphraseSource;
import io.restpipe.security.Pem;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where an authority keeps what. {@code docs/identities.md} has the list.
 *
 * @param folder the authority's folder
 * @param rootKeys the folder of the root's key; the same one, unless that key is kept elsewhere
 */
record AuthorityFiles(Path folder, Path rootKeys) {

  static final String ROOT_KEY = "ca.key.pem";
  static final String ISSUER = "intermediate";

  /** All in one folder. */
  AuthorityFiles(Path folder) {
    this(folder, folder);
  }

  /** What the nodes trust: the root's certificate; of two roots, the newer first. */
  private static final Pattern URL = Pattern.compile("(?:https?|ldap)://[!-~]{1,500}");

  /** Where the lists of revoked certificates can be fetched; there if certificates say so. */
  private Path revocationsUrl() {
    return folder.resolve("ca.crl.url");
  }

  static boolean isUrl(String text) {
    return URL.matcher(text).matches();
  }

  /**
   * What certificates say of where the lists of revoked ones are.
   *
   * @throws IdentityException if the file holds no URL
   */
  Optional<String> readRevocationsUrl() {
    if (Files.notExists(revocationsUrl())) {
      return Optional.empty();
    }
    try {
      String url = Files.readString(revocationsUrl()).strip();
      if (isUrl(url)) {
        return Optional.of(url);
      }
    } catch (IOException unreadable) {
      // As below.
    }
    throw new IdentityException(
        revocationsUrl() + ": must hold an http, https or ldap URL, or not be there");
  }

  void writeRevocationsUrl(String url) throws IOException {
    try (AtomicFile prepared =
        AtomicFile.prepare(revocationsUrl(), (url + "\n").getBytes(UTF_8), Access.EVERYONE)) {
      prepared.replace();
    }
  }

  Path anchors() {
    return folder.resolve(IdentityFiles.TRUST_ANCHORS);
  }

  Path rootKey() {
    return rootKeys.resolve(ROOT_KEY);
  }

  /** The certificate that signs those of nodes, and what stands between it and the roots. */
  Path issuerChain() {
    return folder.resolve(ISSUER + ".crt.pem");
  }

  Path issuerKey() {
    return folder.resolve(ISSUER + ".key.pem");
  }

  /** The lists of revoked certificates, one for each authority. */
  Path revocations() {
    return folder.resolve("ca.crl.pem");
  }

  Path records() {
    return folder.resolve("issued").resolve("index.txt");
  }

  /** A copy of a certificate that was issued. */
  Path copy(BigInteger serial) {
    return folder.resolve("issued").resolve(CertificateRecord.serialText(serial) + ".crt.pem");
  }

  Path lock() {
    return folder.resolve("issued").resolve("lock");
  }

  /** An authority that another one took over from: files of the same names. */
  AuthorityFiles retired(String id) {
    return new AuthorityFiles(
        folder.resolve("retired").resolve(id), rootKeys.resolve("retired").resolve(id));
  }

  /** All that others took over from. */
  List<AuthorityFiles> retired() throws IOException {
    Path all = folder.resolve("retired");
    if (!Files.isDirectory(all)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(all)) {
      return folders
          .filter(Files::isDirectory)
          .sorted()
          .map(one -> retired(String.valueOf(one.getFileName())))
          .toList();
    }
  }

  /** The certificates of all keys that have ever signed those of nodes. */
  List<X509Certificate> signers() throws IOException {
    List<X509Certificate> all = new ArrayList<>();
    all.add(signer());
    for (AuthorityFiles one : retired()) {
      all.add(one.signer());
    }
    return all;
  }

  private X509Certificate signer() {
    return Pem.readCertificates(isRootOnly() ? anchors() : issuerChain()).get(0);
  }

  /** Whether the root signs the certificates of nodes itself: so authorities from elsewhere do. */
  boolean isRootOnly() {
    return Files.notExists(issuerChain()) && Files.notExists(issuerKey());
  }

  /**
   * The key that signs the certificates of nodes.
   *
   * @throws IdentityException if it can't be read, or can't sign
   */
  Issuer issuer(PassphraseSource passphrases) {
    List<X509Certificate> roots = Pem.readCertificates(anchors());
    if (isRootOnly()) {
      return new Issuer(
          key(rootKey(), anchors(), roots.get(0), passphrases), List.of(), roots.get(0));
    }
    List<X509Certificate> chain = Pem.readCertificates(issuerChain());
    PrivateKey key = key(issuerKey(), issuerChain(), chain.get(0), passphrases);
    X509Certificate anchor =
        roots.stream()
            .filter(root -> chain.stream().anyMatch(one -> Authorities.signed(root, one)))
            .findFirst()
            .orElseThrow(
                () ->
                    new IdentityException(
                        issuerChain() + ": is not signed by the authority in " + anchors()));
    return new Issuer(key, chain, anchor);
  }

  /**
   * The root's key.
   *
   * @throws IdentityException if it is not here, or is another's
   */
  Issuer root(PassphraseSource passphrases) {
    X509Certificate root = Pem.readCertificates(anchors()).get(0);
    if (Files.notExists(rootKey())) {
      throw new IdentityException(
          rootKey() + ": the root's key is not here; name its folder with --root-key-dir");
    }
    return new Issuer(key(rootKey(), anchors(), root, passphrases), List.of(), root);
  }

  private static PrivateKey key(
      Path file, Path certificateFile, X509Certificate certificate, PassphraseSource passphrases) {
    PrivateKey key = Pem.readPrivateKey(file, passphrases);
    Authorities.requireSigner(certificateFile, certificate, file, key);
    return key;
  }

  /** Writes a key where there is none, for its owner only. */
  static void create(Path file, PrivateKey key, char @Nullable [] passphrase) throws IOException {
    byte[] pem = passphrase == null ? Pem.write(key) : Pem.write(key, passphrase);
    try (AtomicFile prepared = AtomicFile.prepare(file, pem, Access.OWNER)) {
      prepared.create();
    } finally {
      Arrays.fill(pem, (byte) 0);
    }
  }

  /** Writes certificates in the place of others. */
  static void replace(Path file, List<X509Certificate> certificates) throws IOException {
    try (AtomicFile prepared = AtomicFile.prepare(file, Pem.write(certificates), Access.EVERYONE)) {
      prepared.replace();
    }
  }
}

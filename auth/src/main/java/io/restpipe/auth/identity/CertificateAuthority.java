package io.restpipe.auth.identity;

import io.restpipe.auth.identity.CertificateWriter.Authority;
import io.restpipe.security.AtomicFile;
import io.restpipe.security.EnrollmentException;
import io.restpipe.security.Identity;
import io.restpipe.security.IdentityException;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.IssuedCertificate;
import io.restpipe.security.NodeRole;
import io.restpipe.security.PassphraseSource;
import io.restpipe.security.Pem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Signs the certificates of a pipe's nodes. One in a folder remembers what it signed; one in memory
 * is gone with the process.
 *
 * <p>Any thread may use it, and any number of processes one folder.
 */
public final class CertificateAuthority {

  /** How long a new authority's certificate is valid: ten years. */
  public static final Duration LIFETIME = Duration.ofDays(3652);

  /** How many are remembered with one write that is forced to disk. */
  private static final int AT_ONCE = 100;

  private final Issuer issuer;
  private final List<X509Certificate> anchors;
  private final @Nullable CertificateStore store;
  private final InstantSource clock;

  /** Said in each certificate; read once, as the key is. */
  private final Optional<String> crlUrl;

  private CertificateAuthority(
      Issuer issuer,
      List<X509Certificate> anchors,
      @Nullable CertificateStore store,
      InstantSource clock,
      Optional<String> crlUrl) {
    this.issuer = issuer;
    this.anchors = List.copyOf(anchors);
    this.store = store;
    this.clock = clock;
    this.crlUrl = crlUrl;
  }

  /**
   * A new authority that is gone with the process: for tests, demonstrations, and programs that
   * keep keys in a place of their own. Its root signs the certificates of nodes itself.
   *
   * @param name the common name of its certificate: 1 to 64 printable characters
   */
  public static CertificateAuthority inMemory(String name) {
    return inMemory(name, InstantSource.system());
  }

  /** The same, at a time of one's own. */
  public static CertificateAuthority inMemory(String name, InstantSource clock) {
    AuthorityOptions options = AuthorityOptions.named(name);
    KeyPair key = options.algorithm().generate();
    Instant now = clock.instant();
    X509Certificate certificate =
        CertificateWriter.selfSigned(
            Authority.of(
                name, key.getPublic(), now.minus(Issuance.BACKDATED), now.plus(options.lifetime())),
            key.getPrivate());
    var issuer = new Issuer(key.getPrivate(), List.of(), certificate);
    return new CertificateAuthority(issuer, List.of(certificate), null, clock, Optional.empty());
  }

  /**
   * A new authority in a folder: a root and an intermediate, with their keys (mode 0600), and an
   * empty list of revoked certificates. The folder is made, for its owner only, where it is
   * missing.
   *
   * @param name the common name of its certificate: what people see, so worth being distinct
   * @throws IdentityException if there is an authority already; it is left as it is
   * @throws IOException if a file could not be written
   */
  public static CertificateAuthority init(Path folder, String name) throws IOException {
    return init(folder, AuthorityOptions.named(name), InstantSource.system());
  }

  /** The same, made in another way. */
  public static CertificateAuthority init(Path folder, AuthorityOptions options)
      throws IOException {
    return init(folder, options, InstantSource.system());
  }

  static CertificateAuthority init(Path folder, AuthorityOptions options, InstantSource clock)
      throws IOException {
    var files = new AuthorityFiles(folder, options.rootKeys().orElse(folder));
    new AuthorityMaker(files, options, clock.instant()).init();
    if (options.crlUrl().isPresent()) {
      files.writeRevocationsUrl(options.crlUrl().orElseThrow());
    }
    char[] passphrase = options.passphrase();
    return open(folder, file -> passphrase == null ? null : passphrase.clone(), clock);
  }

  /**
   * The authority in a folder. Its key is the intermediate's where there is one: the root's key is
   * not needed then. A folder with a root alone, such as openssl's commands make it, will do.
   *
   * @throws IdentityException if there is none, or it can't sign: another key, expired, no
   *     authority
   */
  public static CertificateAuthority open(Path folder) {
    return open(folder, PassphraseSource.NONE);
  }

  /** The same, where the key may be encrypted. */
  public static CertificateAuthority open(Path folder, PassphraseSource passphrases) {
    return open(folder, passphrases, InstantSource.system());
  }

  static CertificateAuthority open(Path folder, PassphraseSource passphrases, InstantSource clock) {
    var files = new AuthorityFiles(folder);
    if (files.isRootOnly() && Files.notExists(files.rootKey())) {
      throw new IdentityException(
          folder
              + ": holds no authority ("
              + AuthorityFiles.ROOT_KEY
              + "); make one with rp-ca init "
              + folder);
    }
    Issuer issuer = files.issuer(passphrases);
    if (clock.instant().isAfter(issuer.end())) {
      throw new IdentityException(
          (files.isRootOnly() ? files.anchors() : files.issuerChain())
              + ": the authority expired (not after "
              + issuer.end()
              + "); make a new one with rp-ca init in another folder");
    }
    return new CertificateAuthority(
        issuer,
        Pem.readCertificates(files.anchors()),
        new CertificateStore(files),
        clock,
        files.readRevocationsUrl());
  }

  /** The root's certificate: what the nodes trust. */
  public X509Certificate certificate() {
    return issuer.anchor();
  }

  /** What the nodes should trust: more than one while a new root takes over from an old one. */
  public List<X509Certificate> trustAnchors() {
    return anchors;
  }

  Issuer issuer() {
    return issuer;
  }

  /** A new key and certificate with the defaults of {@link Issuance}. */
  public Identity identity(String name, NodeRole role) {
    return identity(Issuance.of(name, role));
  }

  /**
   * A new key and a certificate for it, with this authority as the one that is trusted.
   *
   * @throws UncheckedIOException if the authority is in a folder, and can't be remembered there
   */
  public Identity identity(Issuance issuance) {
    try {
      return identity(issuance, KeyAlgorithm.ECDSA);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Identity identity(Issuance issuance, KeyAlgorithm algorithm) throws IOException {
    KeyPair key = algorithm.generate();
    return new Identity(key.getPrivate(), sign(key.getPublic(), issuance).chain(), anchors);
  }

  private IssuedCertificate sign(PublicKey key, Issuance issuance) throws IOException {
    return sign(List.of(key), List.of(issuance)).get(0);
  }

  private List<IssuedCertificate> sign(List<PublicKey> keys, List<Issuance> issuances)
      throws IOException {
    Instant now = clock.instant();
    List<X509Certificate> issued = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      issued.add(issuer.sign(keys.get(i), issuances.get(i), now, crlUrl));
    }
    if (store != null) {
      store.issued(issued, issuances, issuer.id(), now);
    }
    return issued.stream().map(one -> new IssuedCertificate(issuer.chainOf(one), anchors)).toList();
  }

  /**
   * A certificate for the key of a request. It says what the issuance says; of the request only the
   * key is taken.
   *
   * @param request a PKCS#10 certification request, DER
   * @throws EnrollmentException if it asks for something else than the issuance gives, or is none
   * @throws IOException if it could not be remembered
   */
  public IssuedCertificate sign(byte[] request, Issuance issuance)
      throws EnrollmentException, IOException {
    return sign(SigningRequest.parse(request).require(issuance), issuance);
  }

  /**
   * A certificate in the place of another one: for the same name, use and time.
   *
   * @param key the key that it is for
   */
  IssuedCertificate renew(CertificateRecord current, PublicKey key) throws IOException {
    return sign(key, current.again());
  }

  /**
   * Issues a certificate with a new key into a folder, as {@code NAME.key.pem}, mode 0600, and
   * {@code NAME.crt.pem}. That it was issued is on disk when this returns; the system writes the
   * two files there soon after.
   *
   * @return the files, ready for {@link IdentityFiles#install}; the trust anchors are this
   *     authority's {@code ca.crt.pem}, which is written where the folder has none
   * @throws IdentityException if one of the first two is there already; it is left as it is
   * @throws IOException if a file could not be written
   */
  public IdentityFiles issue(Issuance issuance, Path folder) throws IOException {
    return issue(List.of(issuance), folder, KeyAlgorithm.ECDSA, null).get(0);
  }

  /**
   * The same with another kind of key, for several nodes: many are made faster at once.
   *
   * @param passphrase encrypts the keys; null for none
   */
  public List<IdentityFiles> issue(
      List<Issuance> issuances, Path folder, KeyAlgorithm algorithm, char @Nullable [] passphrase)
      throws IOException {
    AtomicFile.makeFolder(folder);
    for (Issuance issuance : issuances) {
      NodeFolder.of(folder, issuance).requireFree();
    }
    NodeFolder.writeAnchors(folder, anchors);
    List<IdentityFiles> made = new ArrayList<>();
    for (int from = 0; from < issuances.size(); from += AT_ONCE) {
      List<Issuance> some = issuances.subList(from, Math.min(from + AT_ONCE, issuances.size()));
      List<KeyPair> keys = some.stream().map(one -> algorithm.generate()).toList();
      List<IssuedCertificate> issued = sign(keys.stream().map(KeyPair::getPublic).toList(), some);
      for (int i = 0; i < some.size(); i++) {
        NodeFolder files = NodeFolder.of(folder, some.get(i));
        files.write(keys.get(i).getPrivate(), passphrase, issued.get(i).chain());
        made.add(files.identity());
      }
    }
    return made;
  }

  static IllegalStateException unsigned(GeneralSecurityException e) {
    return new IllegalStateException("certificate could not be signed", e);
  }
}

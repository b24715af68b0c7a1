package io.restpipe.auth.identity;

import io.restpipe.security.AtomicFile;
import io.restpipe.security.AtomicFile.Access;
import io.restpipe.security.Identity;
import io.restpipe.security.IdentityException;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.NodeRole;
import io.restpipe.security.Pem;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Signs the certificates of a pipe's nodes. Elliptic curve keys (ECDSA with P-256 and SHA-256), one
 * self-signed certificate at the top.
 *
 * <p>Any thread may use it; it holds nothing but its key and certificate.
 */
public final class CertificateAuthority {

  /** How long a new authority's certificate is valid: ten years. */
  public static final Duration LIFETIME = Duration.ofDays(3652);

  private static final String KEY = "ca.key.pem";

  private final PrivateKey key;
  private final X509Certificate certificate;
  private final InstantSource clock;

  private CertificateAuthority(PrivateKey key, X509Certificate certificate, InstantSource clock) {
    this.key = key;
    this.certificate = certificate;
    this.clock = clock;
  }

  /**
   * A new authority that is gone with the process: for tests, demonstrations, and programs that
   * keep keys in a place of their own.
   *
   * @param name the common name of its certificate: 1 to 64 printable characters
   */
  public static CertificateAuthority inMemory(String name) {
    return inMemory(name, InstantSource.system());
  }

  /** The same, at a time of one's own. */
  public static CertificateAuthority inMemory(String name, InstantSource clock) {
    if (!name.matches("[ -~]{1,64}") || name.isBlank()) {
      throw new IllegalArgumentException(
          "name of an authority: must be 1 to 64 printable ASCII characters: \"" + name + '"');
    }
    KeyPair key = newKey();
    Instant now = clock.instant();
    X509Certificate certificate =
        CertificateWriter.selfSigned(key, name, now.minus(Issuance.BACKDATED), now.plus(LIFETIME));
    return new CertificateAuthority(key.getPrivate(), certificate, clock);
  }

  /**
   * A new authority in a folder: {@code ca.key.pem}, mode 0600, and {@code ca.crt.pem}. The folder
   * is made, for its owner only, where it is missing.
   *
   * @param name the common name of its certificate: what people see, so worth being distinct
   * @throws IdentityException if there is an authority already; it is left as it is
   * @throws IOException if a file could not be written
   */
  public static CertificateAuthority init(Path folder, String name) throws IOException {
    return init(folder, name, InstantSource.system());
  }

  static CertificateAuthority init(Path folder, String name, InstantSource clock)
      throws IOException {
    CertificateAuthority authority = inMemory(name, clock);
    AtomicFile.makeFolder(folder);
    Path keyFile = folder.resolve(KEY);
    Path certificateFile = folder.resolve(IdentityFiles.TRUST_ANCHORS);
    try (AtomicFile newKey = AtomicFile.prepare(keyFile, Pem.write(authority.key), Access.OWNER);
        AtomicFile newCertificate =
            AtomicFile.prepare(
                certificateFile, Pem.write(List.of(authority.certificate)), Access.EVERYONE)) {
      if (Files.exists(certificateFile)) {
        throw new FileAlreadyExistsException(certificateFile.toString());
      }
      // The key first: whoever gets it into its place owns the folder.
      newKey.create();
      newCertificate.create();
      return authority;
    } catch (FileAlreadyExistsException e) {
      throw new IdentityException(
          e.getFile()
              + ": there is an authority already; use it, or choose another folder for a new one");
    }
  }

  /**
   * The authority in a folder.
   *
   * @throws IdentityException if there is none, or it can't sign: another key, expired, no
   *     authority
   */
  public static CertificateAuthority open(Path folder) {
    return open(folder, InstantSource.system());
  }

  static CertificateAuthority open(Path folder, InstantSource clock) {
    Path keyFile = folder.resolve(KEY);
    Path certificateFile = folder.resolve(IdentityFiles.TRUST_ANCHORS);
    if (!Files.exists(keyFile) && !Files.exists(certificateFile)) {
      throw new IdentityException(
          folder + ": holds no authority (" + KEY + "); make one with rp-ca init " + folder);
    }
    PrivateKey key = Pem.readPrivateKey(keyFile);
    X509Certificate certificate = Pem.readCertificates(certificateFile).get(0);
    Instant notAfter = certificate.getNotAfter().toInstant();
    if (certificate.getBasicConstraints() < 0) {
      throw new IdentityException(
          certificateFile + ": is not the certificate of an authority (no CA:TRUE)");
    }
    if (!Identity.fits(key, certificate.getPublicKey())) {
      throw new IdentityException(keyFile + ": does not fit the certificate in " + certificateFile);
    }
    if (clock.instant().isAfter(notAfter)) {
      throw new IdentityException(
          certificateFile
              + ": the authority expired (not after "
              + notAfter
              + "); make a new one with rp-ca init in another folder");
    }
    return new CertificateAuthority(key, certificate, clock);
  }

  /** The authority's certificate: what the nodes trust. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** A new key and certificate with the defaults of {@link Issuance}. */
  public Identity identity(String name, NodeRole role) {
    return identity(Issuance.of(name, role));
  }

  /** A new key and a certificate for it, with this authority as the one that is trusted. */
  public Identity identity(Issuance issuance) {
    KeyPair subject = newKey();
    Instant now = clock.instant();
    X509Certificate issued =
        CertificateWriter.issued(
            key,
            certificate,
            subject.getPublic(),
            issuance,
            issuance.notBefore(now),
            issuance.notAfter(now, certificate.getNotAfter().toInstant()));
    return new Identity(subject.getPrivate(), List.of(issued), List.of(certificate));
  }

  /**
   * Issues a certificate with a new key into a folder, as {@code NAME.key.pem}, mode 0600, and
   * {@code NAME.crt.pem}.
   *
   * @return the files, ready for {@link IdentityFiles#install}; the trust anchors are this
   *     authority's {@code ca.crt.pem}, which is written where the folder has none
   * @throws IdentityException if one of the first two is there already; it is left as it is
   * @throws IOException if a file could not be written
   */
  public IdentityFiles issue(Issuance issuance, Path folder) throws IOException {
    Path keyFile = folder.resolve(issuance.name() + ".key.pem");
    Path chainFile = folder.resolve(issuance.name() + ".crt.pem");
    Path anchorsFile = folder.resolve(IdentityFiles.TRUST_ANCHORS);
    AtomicFile.makeFolder(folder);
    for (Path file : List.of(keyFile, chainFile)) {
      if (Files.exists(file)) {
        throw alreadyIssued(file.toString());
      }
    }
    writeAnchors(anchorsFile);
    Identity identity = identity(issuance);
    try (AtomicFile newKey =
            AtomicFile.prepare(keyFile, Pem.write(identity.privateKey()), Access.OWNER);
        AtomicFile newChain =
            AtomicFile.prepare(chainFile, Pem.write(identity.chain()), Access.EVERYONE)) {
      newKey.create();
      newChain.create();
    } catch (FileAlreadyExistsException e) {
      throw alreadyIssued(e.getFile());
    }
    return new IdentityFiles(issuance.role(), keyFile, chainFile, anchorsFile);
  }

  private static IdentityException alreadyIssued(String file) {
    return new IdentityException(
        file + ": is there already; move it away, or choose another name or folder");
  }

  private void writeAnchors(Path file) throws IOException {
    try (AtomicFile anchors =
        AtomicFile.prepare(file, Pem.write(List.of(certificate)), Access.EVERYONE)) {
      anchors.create();
    } catch (FileAlreadyExistsException e) {
      if (!Pem.readCertificates(file).contains(certificate)) {
        throw new IdentityException(
            file + ": is another authority's; choose another folder for this certificate");
      }
    }
  }

  private static KeyPair newKey() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
      throw new IllegalStateException("this JDK has no P-256 keys", e);
    }
  }

  static IllegalStateException unsigned(GeneralSecurityException e) {
    return new IllegalStateException("certificate could not be signed", e);
  }
}

package io.restpipe.security;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Keys and certificates as text, which openssl reads and writes, too. */
public final class Pem {

  /** No more than this is read of a file: 1 MiB. */
  static final int MAX_BYTES = 1 << 20;

  private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII));

  private Pem() {}

  /**
   * The one private key in a file: PKCS#8, PKCS#1 (RSA) or SEC1 (EC), not encrypted.
   *
   * @throws IdentityException if it can't be read
   */
  public static PrivateKey readPrivateKey(Path file) {
    return readPrivateKey(file, PassphraseSource.NONE);
  }

  /**
   * The one private key in a file: PKCS#8, PKCS#1 (RSA) or SEC1 (EC), with a passphrase or without.
   *
   * @throws IdentityException if it can't be read, among others with another passphrase
   */
  public static PrivateKey readPrivateKey(Path file, PassphraseSource passphrases) {
    return privateKey(file.toString(), read(file), passphrases);
  }

  /**
   * Whether the private key in a file has a passphrase.
   *
   * @throws IdentityException if there is no private key, or the file can't be read
   */
  public static boolean isEncrypted(Path file) {
    String name = file.toString();
    return PrivateKeyDecoder.key(name, PemParser.parse(name, read(file))).isEncrypted();
  }

  /**
   * All certificates in a file, in order; what else is in it is passed over.
   *
   * @throws IdentityException if there is none, or one can't be read
   */
  public static List<X509Certificate> readCertificates(Path file) {
    return certificates(file.toString(), read(file));
  }

  /**
   * The one private key in a text, as {@link #readPrivateKey} reads it from a file.
   *
   * @param name what the text is called in messages
   * @throws IdentityException if it can't be read
   */
  public static PrivateKey parsePrivateKey(String name, String text) {
    return privateKey(name, text.getBytes(US_ASCII));
  }

  static PrivateKey privateKey(String file, byte[] content) {
    return privateKey(file, content, PassphraseSource.NONE);
  }

  static PrivateKey privateKey(String file, byte[] content, PassphraseSource passphrases) {
    return PrivateKeyDecoder.decode(file, PemParser.parse(file, content), passphrases);
  }

  static List<X509Certificate> certificates(String file, byte[] content) {
    List<PemBlock> blocks = PemParser.parse(file, content);
    List<X509Certificate> certificates = new ArrayList<>();
    for (PemBlock block : blocks) {
      if (block.isCertificate()) {
        certificates.add(certificate(file, block));
      }
    }
    if (certificates.isEmpty()) {
      throw new IdentityException(
          file + ": holds no certificate but " + blocks.get(0).type() + "; is it the right file?");
    }
    return certificates;
  }

  private static X509Certificate certificate(String file, PemBlock block) {
    try {
      var der = new ByteArrayInputStream(block.der());
      var certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(der);
      if (der.available() > 0) {
        throw new CertificateException("bytes after the certificate");
      }
      return certificate;
    } catch (CertificateException | RuntimeException e) {
      throw new IdentityException(
          file + ":" + block.line() + ": the certificate is damaged; copy the file again");
    }
  }

  private static byte[] read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(MAX_BYTES + 1);
      if (content.length > MAX_BYTES) {
        throw new IdentityException(file + ": is larger than 1 MiB; is it the right file?");
      }
      return content;
    } catch (NoSuchFileException e) {
      throw new IdentityException(file + ": does not exist");
    } catch (AccessDeniedException e) {
      throw new IdentityException(file + ": may not be read by this user");
    } catch (IOException e) {
      throw new IdentityException(file + ": can't be read: " + e.getMessage());
    }
  }

  /** The key as PKCS#8. */
  public static byte[] write(PrivateKey key) {
    return block("PRIVATE KEY", encoded(key)).getBytes(US_ASCII);
  }

  /**
   * The key as PKCS#8, encrypted with a passphrase (PBES2: PBKDF2 with HMAC-SHA-256, AES-256-CBC).
   */
  public static byte[] write(PrivateKey key, char[] passphrase) {
    byte[] encoded = encoded(key);
    try {
      return block("ENCRYPTED PRIVATE KEY", KeyEncryption.encryptPkcs8(encoded, passphrase))
          .getBytes(US_ASCII);
    } finally {
      Arrays.fill(encoded, (byte) 0);
    }
  }

  private static byte[] encoded(PrivateKey key) {
    byte[] encoded = key.getEncoded();
    if (encoded == null) {
      throw new IllegalArgumentException("the private key can't leave where it is kept");
    }
    return encoded;
  }

  /** The certificates, one after the other. */
  public static byte[] write(List<X509Certificate> certificates) {
    var text = new StringBuilder();
    for (X509Certificate certificate : certificates) {
      try {
        text.append(block("CERTIFICATE", certificate.getEncoded()));
      } catch (CertificateEncodingException e) {
        throw new IllegalArgumentException("certificate can't be encoded", e);
      }
    }
    return text.toString().getBytes(US_ASCII);
  }

  private static String block(String type, byte[] der) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + BASE64.encodeToString(der)
        + "\n-----END "
        + type
        + "-----\n";
  }
}

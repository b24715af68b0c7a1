package io.restpipe.auth.jwt;

import io.restpipe.auth.internal.WatchedFile;
import io.restpipe.security.IdentityException;
import io.restpipe.security.Pem;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.jspecify.annotations.Nullable;

/**
 * Keys in a file that is read again when it changes: PEM (a public key, a certificate or a private
 * key), a JSON Web Key or a set of them (rotate by adding the new key, and taking the old one out
 * when its last token has expired), or else a shared secret as text.
 */
public final class KeyFile implements VerificationKeys {

  /** No more is read of a file: 256 KiB. */
  static final int MAX_BYTES = 256 << 10;

  private final WatchedFile<KeySet> file;

  private KeyFile(WatchedFile<KeySet> file) {
    this.file = file;
  }

  /**
   * Opens and watches it.
   *
   * @param allowed the algorithms that its keys may be used with; where empty, the one that a key
   *     names, or the usual one of its kind: RS256, that of the curve, EdDSA, HS256
   * @throws KeyException if it can't be read, or its keys must not be used
   */
  public static KeyFile open(Path file, Collection<JwsAlgorithm> allowed) throws KeyException {
    List<JwsAlgorithm> algorithms = List.copyOf(allowed);
    try {
      return new KeyFile(
          WatchedFile.open(file, MAX_BYTES, content -> read(file, content, algorithms)));
    } catch (IOException e) {
      throw new KeyException(String.valueOf(e.getMessage()), e);
    }
  }

  private static KeySet read(Path file, byte[] content, Collection<JwsAlgorithm> allowed)
      throws IOException {
    try {
      return verification(materials(file.toString(), content), allowed);
    } catch (KeyException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  static KeySet verification(List<KeyMaterial> materials, Collection<JwsAlgorithm> allowed)
      throws KeyException {
    List<VerificationKey> keys = new ArrayList<>();
    for (KeyMaterial material : materials) {
      keys.addAll(material.verification(allowed));
    }
    return KeySet.of(keys);
  }

  /** What is in a file, whatever its form. */
  static List<KeyMaterial> materials(String name, byte[] content) throws KeyException {
    String text = new String(content, StandardCharsets.UTF_8).strip();
    if (text.isEmpty()) {
      throw new KeyException("the file is empty");
    }
    if (text.startsWith("{")) {
      return Jwk.parse(text.getBytes(StandardCharsets.UTF_8));
    }
    if (text.contains("-----BEGIN ")) {
      return List.of(pem(name, text));
    }
    return List.of(KeyMaterial.ofSecret(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** The first of a public key, a certificate, and a private key. */
  private static KeyMaterial pem(String name, String text) throws KeyException {
    try (var reader = new PemReader(new StringReader(text))) {
      for (PemObject block = reader.readPemObject();
          block != null;
          block = reader.readPemObject()) {
        KeyMaterial material = pem(name, text, block);
        if (material != null) {
          return material;
        }
      }
    } catch (IdentityException e) {
      throw new KeyException(String.valueOf(e.getMessage()), e);
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw new KeyException("the PEM key is damaged or of a kind that is not supported", e);
    }
    throw new KeyException("there is no key in the PEM file");
  }

  private static @Nullable KeyMaterial pem(String name, String text, PemObject block)
      throws IOException, GeneralSecurityException, KeyException {
    String type = block.getType();
    if (type.equals("CERTIFICATE")) {
      return KeyMaterial.ofPublic(
          publicKey(new X509CertificateHolder(block.getContent()).getSubjectPublicKeyInfo()));
    }
    if (type.equals("PUBLIC KEY")) {
      return KeyMaterial.ofPublic(publicKey(SubjectPublicKeyInfo.getInstance(block.getContent())));
    }
    if (type.equals("RSA PUBLIC KEY")) {
      try (var parser = new PEMParser(new StringReader(text))) {
        return KeyMaterial.ofPublic(publicKey((SubjectPublicKeyInfo) parser.readObject()));
      }
    }
    return type.endsWith("PRIVATE KEY")
        ? KeyMaterial.ofPrivate(Pem.parsePrivateKey(name, text))
        : null;
  }

  private static PublicKey publicKey(SubjectPublicKeyInfo info)
      throws IOException, GeneralSecurityException {
    String oid = info.getAlgorithm().getAlgorithm().getId();
    String algorithm =
        switch (oid) {
          case "1.2.840.113549.1.1.1" -> "RSA";
          case "1.2.840.10045.2.1" -> "EC";
          case "1.3.101.112", "1.3.101.113" -> "EdDSA";
          default -> throw new GeneralSecurityException("algorithm " + oid + " is not supported");
        };
    return KeyFactory.getInstance(algorithm)
        .generatePublic(new X509EncodedKeySpec(info.getEncoded()));
  }

  @Override
  public List<VerificationKey> find(JwsAlgorithm algorithm, @Nullable String keyId)
      throws JwtException {
    return file.value().find(algorithm, keyId);
  }

  /** The keys now. */
  public KeySet keys() {
    return file.value();
  }

  /** Reads the file now if it has changed, without waiting for the second to be over. */
  public void refresh() {
    file.refresh();
  }

  @Override
  public long generation() {
    return file.generation();
  }

  @Override
  public void close() {
    file.close();
  }
}

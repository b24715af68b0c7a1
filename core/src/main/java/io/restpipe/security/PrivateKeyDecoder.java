package io.restpipe.security;

import io.restpipe.security.Der.DerException;
import io.restpipe.security.KeyEncryption.UnknownEncryptionException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Private keys in each form that openssl writes. The JDK reads PKCS#8 only, so the older forms are
 * wrapped into it:
 *
 * <pre>
 * PrivateKeyInfo ::= SEQUENCE { INTEGER 0, SEQUENCE { algorithm, parameters }, OCTET STRING }
 * ECPrivateKey   ::= SEQUENCE { INTEGER 1, OCTET STRING, [0] curve OPTIONAL, [1] point OPTIONAL }
 * </pre>
 */
final class PrivateKeyDecoder {

  private static final String WRONG_PASSPHRASE =
      "the passphrase does not fit this private key, or the file is damaged";

  private static final byte[] ZERO = {Der.INTEGER, 1, 0};
  private static final byte[] NULL = {0x05, 0};
  private static final byte[] RSA = oid("2a864886f70d010101");
  private static final byte[] EC = oid("2a8648ce3d0201");

  /** Algorithm identifiers, and what the JDK calls them. */
  private static final Map<String, String> ALGORITHMS =
      Map.of(
          "2a864886f70d010101", "RSA",
          "2a864886f70d01010a", "RSASSA-PSS",
          "2a8648ce3d0201", "EC",
          "2b6570", "Ed25519",
          "2b6571", "Ed448");

  private final String file;
  private final PassphraseSource passphrases;

  private PrivateKeyDecoder(String file, PassphraseSource passphrases) {
    this.file = file;
    this.passphrases = passphrases;
  }

  /**
   * The one private key among the blocks.
   *
   * @throws IdentityException if there is none, more than one, or one that can't be read
   */
  static PrivateKey decode(String file, List<PemBlock> blocks, PassphraseSource passphrases) {
    PemBlock key = key(file, blocks);
    Optional<PemBlock> parameters =
        blocks.stream().filter(block -> block.type().equals("EC PARAMETERS")).findFirst();
    return new PrivateKeyDecoder(file, passphrases)
        .decode(key, parameters.map(PemBlock::der).orElse(null));
  }

  /** The one block with a private key. */
  static PemBlock key(String file, List<PemBlock> blocks) {
    List<PemBlock> keys = blocks.stream().filter(PemBlock::isPrivateKey).toList();
    if (keys.size() != 1) {
      throw new IdentityException(
          keys.isEmpty()
              ? file
                  + ": holds no private key but "
                  + blocks.get(0).type()
                  + "; is it the right file?"
              : file + ": holds " + keys.size() + " private keys; leave the one that is meant");
    }
    return keys.get(0);
  }

  private PrivateKey decode(PemBlock block, byte @Nullable [] curve) {
    String place = file + ":" + block.line() + ": ";
    byte[] der = block.isEncrypted() ? decrypt(place, block) : block.der();
    byte[] pkcs8 = new byte[0];
    try {
      pkcs8 =
          switch (block.type()) {
            case "PRIVATE KEY", "ENCRYPTED PRIVATE KEY" -> der;
            case "RSA PRIVATE KEY" -> wrapRsa(der);
            case "EC PRIVATE KEY" -> wrapEc(der, curve);
            default ->
                throw new IdentityException(
                    place
                        + "a key of type "
                        + block.type()
                        + " can't be used; make an RSA or EC key with openssl genpkey");
          };
      return decodePkcs8(place, pkcs8);
    } catch (DerException | GeneralSecurityException e) {
      // Not the cause: what is in it may be of the key.
      throw new IdentityException(
          block.isEncrypted()
              ? place + WRONG_PASSPHRASE
              : place + "the private key is damaged; copy the file again");
    } finally {
      Arrays.fill(pkcs8, (byte) 0);
      Arrays.fill(der, (byte) 0);
      Arrays.fill(block.der(), (byte) 0);
    }
  }

  private byte[] decrypt(String place, PemBlock block) {
    char[] passphrase = passphrases.passphrase(file);
    if (passphrase == null) {
      throw new IdentityException(
          place
              + "the private key is encrypted with a passphrase; decrypt it with openssl pkey -in "
              + file
              + " -out NEW.key.pem");
    }
    try {
      return block.encryption().isEmpty()
          ? KeyEncryption.decryptPkcs8(block.der(), passphrase)
          : KeyEncryption.decryptOlder(block.der(), block.encryption(), passphrase);
    } catch (UnknownEncryptionException e) {
      throw new IdentityException(
          place
              + "the private key is encrypted in a way that can't be read ("
              + e.getMessage()
              + "); encrypt it anew with openssl pkcs8 -topk8 -in "
              + file
              + " -out NEW.key.pem");
    } catch (DerException | GeneralSecurityException | RuntimeException e) {
      // Not the cause: what is in it may be of the key.
      throw new IdentityException(place + WRONG_PASSPHRASE);
    } finally {
      Arrays.fill(passphrase, '\0');
    }
  }

  private static PrivateKey decodePkcs8(String place, byte[] pkcs8)
      throws DerException, GeneralSecurityException {
    Der info = new Der(pkcs8).enter(Der.SEQUENCE);
    info.enter(Der.INTEGER);
    byte[] oid = info.enter(Der.SEQUENCE).enter(Der.OBJECT_IDENTIFIER).rest();
    String algorithm = ALGORITHMS.get(HexFormat.of().formatHex(oid));
    if (algorithm == null) {
      throw new IdentityException(
          place
              + "the private key is of a kind that can't be used; make an RSA or EC key with"
              + " openssl genpkey");
    }
    try {
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (RuntimeException e) {
      // Some of the JDK's decoders throw what they like at bytes that they did not expect.
      throw new DerException("not " + algorithm);
    }
  }

  private static byte[] wrapRsa(byte[] pkcs1) {
    return Der.wrap(
        Der.SEQUENCE, ZERO, Der.wrap(Der.SEQUENCE, RSA, NULL), Der.wrap(Der.OCTET_STRING, pkcs1));
  }

  private static byte[] wrapEc(byte[] sec1, byte @Nullable [] curve) throws DerException {
    Der key = new Der(sec1).enter(Der.SEQUENCE);
    key.enter(Der.INTEGER);
    key.enter(Der.OCTET_STRING);
    byte[] parameters = curve;
    if (key.peek() == Der.PARAMETERS) {
      parameters = key.enter(Der.PARAMETERS).rest();
    }
    if (parameters == null) {
      throw new DerException("no curve");
    }
    return Der.wrap(
        Der.SEQUENCE,
        ZERO,
        Der.wrap(Der.SEQUENCE, EC, parameters),
        Der.wrap(Der.OCTET_STRING, sec1));
  }

  private static byte[] oid(String hex) {
    return Der.wrap(Der.OBJECT_IDENTIFIER, HexFormat.of().parseHex(hex));
  }
}

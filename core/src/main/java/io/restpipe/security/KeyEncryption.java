package io.restpipe.security;

import io.restpipe.security.Der.DerException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Takes passphrases off private keys as openssl puts them on, and puts one on.
 *
 * <pre>
 * EncryptedPrivateKeyInfo ::= SEQUENCE { SEQUENCE { scheme, parameters }, OCTET STRING }
 * PBES2-params            ::= SEQUENCE { SEQUENCE { kdf, parameters }, SEQUENCE { cipher, IV } }
 * PBKDF2-params           ::= SEQUENCE { salt, iterations, INTEGER length OPTIONAL, prf OPTIONAL }
 * scrypt-params           ::= SEQUENCE { salt, N, r, p, INTEGER length OPTIONAL }
 * </pre>
 *
 * <p>RFC 8018 (PBES2), RFC 7914 (scrypt); the older form ({@code DEK-Info}) is openssl's own.
 */
final class KeyEncryption {

  /** More would be hours of work: a file that means harm. */
  private static final int MOST_ITERATIONS = 100_000_000;

  /** Some tenths of a second: what guessing costs, and each start. */
  static final int ITERATIONS = 100_000;

  private static final String PBES2 = "2a864886f70d01050d";
  private static final String PBKDF2 = "2a864886f70d01050c";
  private static final String SCRYPT = "2b06010401da47040b";
  private static final String HMAC_SHA1 = "2a864886f70d0207";
  private static final String HMAC_SHA256 = "2a864886f70d0209";
  private static final String AES_256 = "60864801650304012a";

  private static final Map<String, String> PRFS =
      Map.of(
          HMAC_SHA1,
          "PBKDF2WithHmacSHA1",
          "2a864886f70d0208",
          "PBKDF2WithHmacSHA224",
          HMAC_SHA256,
          "PBKDF2WithHmacSHA256",
          "2a864886f70d020a",
          "PBKDF2WithHmacSHA384",
          "2a864886f70d020b",
          "PBKDF2WithHmacSHA512");

  private static final Map<String, BlockCipher> BY_OID =
      Map.of(
          "608648016503040102",
          BlockCipher.AES_128,
          "608648016503040116",
          BlockCipher.AES_192,
          AES_256,
          BlockCipher.AES_256,
          "2a864886f70d0307",
          BlockCipher.DES_EDE3);

  private static final Map<String, BlockCipher> BY_NAME =
      Map.of(
          "AES-128-CBC", BlockCipher.AES_128,
          "AES-192-CBC", BlockCipher.AES_192,
          "AES-256-CBC", BlockCipher.AES_256,
          "DES-EDE3-CBC", BlockCipher.DES_EDE3,
          "DES-CBC", BlockCipher.DES);

  /** A key that was encrypted in a way that is not known here. */
  static final class UnknownEncryptionException extends Exception {

    private static final long serialVersionUID = 1;

    UnknownEncryptionException(String what) {
      super(what);
    }
  }

  private KeyEncryption() {}

  /**
   * The older form: the header {@code DEK-Info: CIPHER,IV}, and a key by MD5.
   *
   * @throws GeneralSecurityException if the passphrase does not fit
   */
  static byte[] decryptOlder(byte[] text, String info, char[] passphrase)
      throws GeneralSecurityException, UnknownEncryptionException {
    String[] parts = info.split(",", 2);
    BlockCipher cipher = BY_NAME.get(parts[0].strip());
    if (cipher == null || parts.length < 2) {
      throw new UnknownEncryptionException(parts[0].strip());
    }
    byte[] iv;
    try {
      iv = HexFormat.of().parseHex(parts[1].strip());
    } catch (IllegalArgumentException e) {
      throw new UnknownEncryptionException(parts[0].strip());
    }
    if (iv.length < 8) {
      throw new UnknownEncryptionException(parts[0].strip());
    }
    byte[] secret = utf8(passphrase);
    byte[] key = new byte[cipher.keyLength()];
    try {
      byte[] digest = new byte[0];
      for (int made = 0; made < key.length; made += digest.length) {
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        md5.update(digest);
        md5.update(secret);
        md5.update(iv, 0, 8);
        digest = md5.digest();
        System.arraycopy(digest, 0, key, made, Math.min(digest.length, key.length - made));
      }
      return cipher.run(Cipher.DECRYPT_MODE, key, iv, text);
    } finally {
      Arrays.fill(secret, (byte) 0);
      Arrays.fill(key, (byte) 0);
    }
  }

  /**
   * The block {@code ENCRYPTED PRIVATE KEY}.
   *
   * @throws GeneralSecurityException if the passphrase does not fit
   */
  static byte[] decryptPkcs8(byte[] der, char[] passphrase)
      throws GeneralSecurityException, DerException, UnknownEncryptionException {
    Der info = new Der(der).enter(Der.SEQUENCE);
    Der scheme = info.enter(Der.SEQUENCE);
    String oid = oid(scheme);
    if (!oid.equals(PBES2)) {
      return decryptPbes1(der, passphrase);
    }
    byte[] text = info.enter(Der.OCTET_STRING).rest();
    Der parameters = scheme.enter(Der.SEQUENCE);
    Der derivation = parameters.enter(Der.SEQUENCE);
    Der encryption = parameters.enter(Der.SEQUENCE);
    String cipherOid = oid(encryption);
    BlockCipher cipher = BY_OID.get(cipherOid);
    if (cipher == null) {
      throw new UnknownEncryptionException("cipher " + cipherOid);
    }
    byte[] iv = encryption.enter(Der.OCTET_STRING).rest();
    byte[] key = derive(derivation, cipher.keyLength(), passphrase);
    try {
      return cipher.run(Cipher.DECRYPT_MODE, key, iv, text);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private static byte[] derive(Der derivation, int length, char[] passphrase)
      throws GeneralSecurityException, DerException, UnknownEncryptionException {
    String oid = oid(derivation);
    Der parameters = derivation.enter(Der.SEQUENCE);
    byte[] salt = parameters.enter(Der.OCTET_STRING).rest();
    if (oid.equals(SCRYPT)) {
      int n = integer(parameters);
      int r = integer(parameters);
      int p = integer(parameters);
      byte[] secret = utf8(passphrase);
      try {
        return Scrypt.derive(secret, salt, n, r, p, length);
      } catch (IllegalArgumentException e) {
        throw new UnknownEncryptionException("scrypt with " + e.getMessage());
      } finally {
        Arrays.fill(secret, (byte) 0);
      }
    }
    if (!oid.equals(PBKDF2)) {
      throw new UnknownEncryptionException("key derivation " + oid);
    }
    int iterations = integer(parameters);
    if (parameters.peek() == Der.INTEGER) {
      integer(parameters);
    }
    String prfOid = parameters.isEmpty() ? HMAC_SHA1 : oid(parameters.enter(Der.SEQUENCE));
    String prf = PRFS.get(prfOid);
    if (prf == null || iterations < 1 || iterations > MOST_ITERATIONS) {
      throw new UnknownEncryptionException("PBKDF2 with " + prfOid + ", " + iterations);
    }
    return pbkdf2(prf, salt, iterations, length, passphrase);
  }

  private static byte[] pbkdf2(String prf, byte[] salt, int iterations, int length, char[] secret)
      throws GeneralSecurityException {
    var spec = new PBEKeySpec(secret, salt, iterations, length * 8);
    try {
      return SecretKeyFactory.getInstance(prf).generateSecret(spec).getEncoded();
    } finally {
      spec.clearPassword();
    }
  }

  /** PKCS#5 version 1.5 and PKCS#12: the JDK knows those that are left in the wild. */
  private static byte[] decryptPbes1(byte[] der, char[] passphrase)
      throws GeneralSecurityException, UnknownEncryptionException {
    EncryptedPrivateKeyInfo info;
    SecretKeyFactory factory;
    try {
      info = new EncryptedPrivateKeyInfo(der);
      factory = SecretKeyFactory.getInstance(info.getAlgName());
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new UnknownEncryptionException("a scheme that this JDK does not know");
    }
    Cipher cipher = Cipher.getInstance(info.getAlgName());
    var spec = new PBEKeySpec(passphrase);
    try {
      cipher.init(Cipher.DECRYPT_MODE, factory.generateSecret(spec), info.getAlgParameters());
      return cipher.doFinal(info.getEncryptedData());
    } finally {
      spec.clearPassword();
    }
  }

  /** As PKCS#8 wants it: PBES2 with PBKDF2, HMAC-SHA-256 and AES-256-CBC. */
  static byte[] encryptPkcs8(byte[] pkcs8, char[] passphrase) {
    var random = new SecureRandom();
    byte[] salt = new byte[16];
    byte[] iv = new byte[16];
    random.nextBytes(salt);
    random.nextBytes(iv);
    try {
      byte[] key = pbkdf2("PBKDF2WithHmacSHA256", salt, ITERATIONS, 32, passphrase);
      byte[] text = BlockCipher.AES_256.run(Cipher.ENCRYPT_MODE, key, iv, pkcs8);
      Arrays.fill(key, (byte) 0);
      byte[] none = {0x05, 0};
      byte[] derivation =
          Der.wrap(
              Der.SEQUENCE,
              Der.wrap(Der.OCTET_STRING, salt),
              Der.wrap(Der.INTEGER, BigInteger.valueOf(ITERATIONS).toByteArray()),
              Der.wrap(Der.SEQUENCE, encoded(HMAC_SHA256), none));
      byte[] parameters =
          Der.wrap(
              Der.SEQUENCE,
              Der.wrap(Der.SEQUENCE, encoded(PBKDF2), derivation),
              Der.wrap(Der.SEQUENCE, encoded(AES_256), Der.wrap(Der.OCTET_STRING, iv)));
      return Der.wrap(
          Der.SEQUENCE,
          Der.wrap(Der.SEQUENCE, encoded(PBES2), parameters),
          Der.wrap(Der.OCTET_STRING, text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK does not encrypt keys with AES", e);
    }
  }

  private static byte[] encoded(String oid) {
    return Der.wrap(Der.OBJECT_IDENTIFIER, HexFormat.of().parseHex(oid));
  }

  private static String oid(Der der) throws DerException {
    return HexFormat.of().formatHex(der.enter(Der.OBJECT_IDENTIFIER).rest());
  }

  private static int integer(Der der) throws DerException {
    byte[] bytes = der.enter(Der.INTEGER).rest();
    if (bytes.length < 1 || bytes.length > 5) {
      throw new DerException("integer of " + bytes.length + " bytes");
    }
    long value = new BigInteger(bytes).longValue();
    return value < 0 ? 0 : (int) Math.min(value, Integer.MAX_VALUE);
  }

  private static byte[] utf8(char[] passphrase) {
    ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(passphrase));
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes).rewind();
    while (encoded.hasRemaining()) {
      encoded.put((byte) 0);
    }
    return bytes;
  }
}

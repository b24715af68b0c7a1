package io.restpipe.security;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** What private keys are encrypted with: a block cipher in CBC mode. */
enum BlockCipher {
  AES_128("AES", 16),
  AES_192("AES", 24),
  AES_256("AES", 32),
  DES_EDE3("DESede", 24),
  DES("DES", 8);

  private final String algorithm;
  private final int keyLength;

  BlockCipher(String algorithm, int keyLength) {
    this.algorithm = algorithm;
    this.keyLength = keyLength;
  }

  /** How long its keys are, in bytes. */
  int keyLength() {
    return keyLength;
  }

  /**
   * @param mode {@link Cipher#ENCRYPT_MODE} or {@link Cipher#DECRYPT_MODE}
   */
  byte[] run(int mode, byte[] key, byte[] iv, byte[] text) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(algorithm + "/CBC/PKCS5Padding");
    cipher.init(mode, new SecretKeySpec(key, algorithm), new IvParameterSpec(iv));
    return cipher.doFinal(text);
  }
}

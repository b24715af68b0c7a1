package io.restpipe.security;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The key derivation scrypt, RFC 7914. The JDK has none, and openssl encrypts keys with it. */
final class Scrypt {

  /** 128 MiB: openssl's own bound is 32 MiB. */
  private static final long MOST_MEMORY = 128L << 20;

  private Scrypt() {}

  /**
   * @param n how many blocks are kept: a power of two
   * @param r the size of a block, in 128 bytes
   * @param p how often it is done
   * @throws IllegalArgumentException if one is out of its range, or too much work
   */
  static byte[] derive(byte[] secret, byte[] salt, int n, int r, int p, int length)
      throws GeneralSecurityException {
    if (n < 2 || Integer.bitCount(n) != 1 || r < 1 || p < 1 || p > 1024 || r > 1024) {
      throw new IllegalArgumentException("N=" + n + ", r=" + r + ", p=" + p);
    }
    if (128L * r * n > MOST_MEMORY || 128L * r * n * p > 16 * MOST_MEMORY) {
      throw new IllegalArgumentException("too much memory: N=" + n + ", r=" + r + ", p=" + p);
    }
    ByteBuffer blocks =
        ByteBuffer.wrap(pbkdf2(secret, salt, p * 128 * r)).order(ByteOrder.LITTLE_ENDIAN);
    int[] block = new int[32 * r];
    for (int i = 0; i < p; i++) {
      blocks.slice(i * 128 * r, 128 * r).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(block);
      mix(block, n, r);
      blocks.slice(i * 128 * r, 128 * r).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(block);
    }
    return pbkdf2(secret, blocks.array(), length);
  }

  /** RFC 7914 section 5: scryptROMix. */
  private static void mix(int[] block, int n, int r) {
    int[][] kept = new int[n][];
    int[] other = new int[block.length];
    for (int i = 0; i < n; i++) {
      kept[i] = block.clone();
      blockMix(block, other, r);
    }
    for (int i = 0; i < n; i++) {
      int[] chosen = kept[block[(2 * r - 1) * 16] & (n - 1)];
      for (int k = 0; k < block.length; k++) {
        block[k] ^= chosen[k];
      }
      blockMix(block, other, r);
    }
  }

  /** Section 4: scryptBlockMix, in place by way of the other array. */
  private static void blockMix(int[] block, int[] other, int r) {
    int[] x = Arrays.copyOfRange(block, (2 * r - 1) * 16, 2 * r * 16);
    for (int i = 0; i < 2 * r; i++) {
      for (int k = 0; k < 16; k++) {
        x[k] ^= block[i * 16 + k];
      }
      salsa(x);
      // The even ones come first, then the odd ones.
      System.arraycopy(x, 0, other, (i / 2 + (i % 2) * r) * 16, 16);
    }
    System.arraycopy(other, 0, block, 0, block.length);
  }

  /** Section 3: Salsa20/8. */
  private static void salsa(int[] block) {
    int[] x = block.clone();
    for (int round = 0; round < 8; round += 2) {
      for (int i = 0; i < 4; i++) {
        quarter(x, i * 5, (i * 5 + 4) & 15, (i * 5 + 8) & 15, (i * 5 + 12) & 15);
      }
      for (int i = 0; i < 4; i++) {
        int row = i * 4;
        quarter(x, row + i, row + ((i + 1) & 3), row + ((i + 2) & 3), row + ((i + 3) & 3));
      }
    }
    for (int i = 0; i < 16; i++) {
      block[i] += x[i];
    }
  }

  private static void quarter(int[] x, int a, int b, int c, int d) {
    x[b] ^= Integer.rotateLeft(x[a] + x[d], 7);
    x[c] ^= Integer.rotateLeft(x[b] + x[a], 9);
    x[d] ^= Integer.rotateLeft(x[c] + x[b], 13);
    x[a] ^= Integer.rotateLeft(x[d] + x[c], 18);
  }

  /** PBKDF2 with HMAC-SHA-256 and one iteration; the JDK's takes no bytes for a passphrase. */
  private static byte[] pbkdf2(byte[] secret, byte[] salt, int length)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    // An empty key is one of zeros, which SecretKeySpec takes.
    mac.init(new SecretKeySpec(secret.length == 0 ? new byte[1] : secret, "HmacSHA256"));
    byte[] derived = new byte[length];
    for (int made = 0, block = 1; made < length; made += 32, block++) {
      mac.update(salt);
      mac.update(ByteBuffer.allocate(4).putInt(block).array());
      byte[] next = mac.doFinal();
      System.arraycopy(next, 0, derived, made, Math.min(32, length - made));
    }
    return derived;
  }
}

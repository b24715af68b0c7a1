package io.restpipe.auth.jwt;

import java.math.BigInteger;

/**
 * RSA keys that chips of a certain kind made, and whose private half can be computed
 * (CVE-2017-15361): modulo each small prime such a modulus is a power of 65537. Of other keys one
 * in a hundred million looks like that.
 */
final class Roca {

  private static final int GENERATOR = 65537;

  private static final int[] PRIMES = {
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167
  };

  private Roca() {}

  static boolean isWeak(BigInteger modulus) {
    for (int prime : PRIMES) {
      if (!isPower(modulus.mod(BigInteger.valueOf(prime)).intValue(), prime)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPower(int rest, int prime) {
    int power = 1;
    do {
      if (power == rest) {
        return true;
      }
      power = power * (GENERATOR % prime) % prime;
    } while (power != 1);
    return false;
  }
}

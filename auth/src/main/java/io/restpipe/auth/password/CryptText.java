package io.restpipe.auth.password;

/** The alphabet of crypt(3), which is not that of base64, and its order: the lowest bits first. */
final class CryptText {

  private static final String ALPHABET =
      "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private final StringBuilder text = new StringBuilder();

  /** Three bytes, the first one highest, as so many letters. */
  void add(int first, int second, int third, int letters) {
    int left = (first & 0xff) << 16 | (second & 0xff) << 8 | (third & 0xff);
    for (int i = 0; i < letters; i++) {
      text.append(ALPHABET.charAt(left & 0x3f));
      left >>= 6;
    }
  }

  @Override
  public String toString() {
    return text.toString();
  }
}

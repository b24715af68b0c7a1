package io.restpipe.security;

/** What stood between a BEGIN and an END line. */
final class PemBlock {

  private final String type;
  private final int line;
  private final boolean encrypted;
  private final String encryption;
  private final byte[] der;

  PemBlock(String type, int line, boolean encrypted, String encryption, byte[] der) {
    this.type = type;
    this.line = line;
    this.encrypted = encrypted;
    this.encryption = encryption;
    this.der = der;
  }

  /** What the BEGIN line calls it, such as {@code CERTIFICATE}. */
  String type() {
    return type;
  }

  /** Of the BEGIN line, from 1. */
  int line() {
    return line;
  }

  /** Whether the type says so (PKCS#8), or a header does (the older forms). */
  boolean isEncrypted() {
    return encrypted || type.startsWith("ENCRYPTED");
  }

  /** What the header {@code DEK-Info} of the older forms says; empty where there is none. */
  String encryption() {
    return encryption;
  }

  /** The bytes themselves, not a copy: a key is wiped when it has been read. */
  byte[] der() {
    return der;
  }

  boolean isCertificate() {
    return type.equals("CERTIFICATE") || type.equals("X509 CERTIFICATE");
  }

  boolean isPrivateKey() {
    return type.endsWith("PRIVATE KEY");
  }
}

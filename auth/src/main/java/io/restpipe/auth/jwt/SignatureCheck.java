package io.restpipe.auth.jwt;

/** Whether bytes are a signature of a key, for one algorithm. Any thread. */
interface SignatureCheck {

  /** Whatever the signature is: what is no signature at all is none of the key, either. */
  boolean verifies(byte[] signed, byte[] signature);
}

package io.restpipe.auth.jwt;

import io.restpipe.auth.jwt.JwtException.Reason;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the signature of a compact JWS (RFC 7515) whose payload may be anything. Whether the
 * payload is a token that is good now, {@link JwtVerifier} decides. Any thread.
 */
public final class JwsVerifier {

  /** How long a token may be by default, in characters: as much as a header of HTTP holds. */
  public static final int DEFAULT_MAX_LENGTH = 8192;

  private static final int MAX_HEADER = 2048;
  private static final int MOST_HEADS = 64;

  private final VerificationKeys keys;
  private final int maxLength;

  /** Heads of tokens that were good: of one issuer nearly all tokens have the same. */
  private final ConcurrentMap<String, JwsHead> heads = new ConcurrentHashMap<>();

  public JwsVerifier(VerificationKeys keys) {
    this(keys, DEFAULT_MAX_LENGTH);
  }

  /**
   * With a bound.
   *
   * @param maxLength of the whole, in characters
   */
  public JwsVerifier(VerificationKeys keys, int maxLength) {
    this.keys = keys;
    this.maxLength = maxLength;
  }

  /**
   * The payload of a JWS whose signature is that of one of the keys.
   *
   * @throws JwtException if it is not
   */
  public byte[] verify(String compact) throws JwtException {
    return open(compact).payload();
  }

  /** A payload that is as it was signed. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Opened(JwsHead head, @Nullable String keyId, byte[] payload) {}

  Opened open(String compact) throws JwtException {
    if (compact.length() > maxLength) {
      throw new JwtException(Reason.TOO_LARGE, "it is longer than " + maxLength + " characters");
    }
    CompactJws jws = CompactJws.split(compact);
    if (jws.firstDot() > MAX_HEADER) {
      throw new JwtException(
          Reason.TOO_LARGE, "its header is longer than " + MAX_HEADER + " characters");
    }
    String text = jws.header();
    JwsHead known = heads.get(text);
    JwsHead head = known == null ? JwsHead.parse(Base64Url.decode(text, 0, text.length())) : known;
    byte[] signature = jws.signature();
    byte[] payload = jws.payload();
    byte[] signed = jws.signed();
    List<VerificationKey> candidates = keys.find(head.algorithm(), head.keyId());
    for (VerificationKey key : candidates) {
      if (key.verifies(head, signed, signature)) {
        remember(text, head, known);
        return new Opened(head, key.idOrNull(), payload);
      }
    }
    throw new JwtException(Reason.SIGNATURE_INVALID, "its signature is not that of the key");
  }

  private void remember(String text, JwsHead head, @Nullable JwsHead known) {
    if (known == null) {
      if (heads.size() >= MOST_HEADS) {
        heads.clear();
      }
      heads.put(text, head);
    }
  }
}

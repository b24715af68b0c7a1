package io.restpipe.security;

import java.util.Optional;

/**
 * What can happen that matters to security. A closed set; signatures never change their meaning,
 * for rules elsewhere are written against them.
 */
public enum SecurityEventKind {
  /** The node runs and takes connections. */
  NODE_STARTED("NodeStarted", "Node started", 2, true),
  /** The node stops in order. */
  NODE_STOPPED("NodeStopped", "Node stopped", 3, true),
  /** The configuration was read again and is in force. */
  CONFIGURATION_RELOADED("ConfigReloaded", "Configuration reloaded", 3, true),
  /** The configuration was read again and is wrong; all stays as it was. */
  CONFIGURATION_REFUSED("ConfigRefused", "Configuration refused", 5, false),
  /** Somebody wanted to connect and was refused, before or after TLS. */
  HANDSHAKE_REFUSED("HandshakeRefused", "Handshake refused", 6, false),
  /** A peer has connected, and is who its certificate says. */
  PEER_CONNECTED("PeerConnected", "Peer connected", 2, true),
  /** A peer's connection has ended. */
  PEER_DISCONNECTED("PeerDisconnected", "Peer disconnected", 2, true),
  /** A newer connection of a peer took the place of an older one. */
  PEER_REPLACED("PeerReplaced", "Peer replaced by a newer connection", 4, true),
  /** A certificate was issued. */
  IDENTITY_ISSUED("IdentityIssued", "Identity issued", 4, true),
  /** A certificate was issued in the place of an older one. */
  IDENTITY_RENEWED("IdentityRenewed", "Identity renewed", 3, true),
  /** A certificate is not valid any more. */
  IDENTITY_REVOKED("IdentityRevoked", "Identity revoked", 6, true),
  /** A token was used to join. */
  TOKEN_USED("TokenUsed", "Token used", 4, true),
  /** A token was refused: unknown, expired, used up. */
  TOKEN_REFUSED("TokenRefused", "Token refused", 6, false),
  /** A user has logged in. */
  LOGIN_SUCCEEDED("AuthSuccess", "Login succeeded", 2, true),
  /** A user could not log in. */
  LOGIN_FAILED("AuthFail", "Login failed", 5, false),
  /** A user is locked out after too many failures. */
  ACCOUNT_LOCKED("AccountLockout", "Account locked", 7, false),
  /** A captcha was answered wrongly. For programs; no node emits it. */
  CAPTCHA_FAILED("CaptchaFail", "Captcha failed", 4, false),
  /** Somebody who is no administrator tried to act as one. For programs; no node emits it. */
  ADMIN_REFUSED("InvalidAdmin", "Administrator refused", 7, false),
  /** A request to reset a password was withdrawn. For programs; no node emits it. */
  PASSWORD_RESET_CLEARED("PasswordResetCleared", "Password reset cleared", 4, true),
  /** Somebody known was not allowed to do what they asked for. */
  ACCESS_DENIED("AccessDenied", "Access denied", 6, false),
  /** A signature does not fit what it signs: of a token, of a request to renew a certificate. */
  SIGNATURE_REFUSED("BadSignature", "Signature refused", 8, false),
  /** A peer sent bytes that are no frame. */
  FRAME_MALFORMED("MalformedFrame", "Malformed frame", 7, false),
  /** A limit that protects the node was hit. */
  LIMIT_HIT("LimitHit", "Limit hit", 5, false),
  /** Events of this log itself were lost: they came faster than it could write. */
  EVENTS_LOST("EventsLost", "Security events lost", 8, false);

  private final String signature;
  private final String title;
  private final int severity;
  private final boolean success;

  SecurityEventKind(String signature, String title, int severity, boolean success) {
    this.signature = signature;
    this.title = title;
    this.severity = severity;
    this.success = success;
  }

  /** What rules know it by. */
  public String signature() {
    return signature;
  }

  /** What people read. */
  public String title() {
    return title;
  }

  /** 0 (least) to 10 (worst). */
  public int severity() {
    return severity;
  }

  /** Whether what was tried succeeded: {@code success} or {@code failure}. */
  public String outcome() {
    return success ? "success" : "failure";
  }

  /** The kind of that signature. */
  public static Optional<SecurityEventKind> find(String signature) {
    for (SecurityEventKind kind : values()) {
      if (kind.signature.equals(signature)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}

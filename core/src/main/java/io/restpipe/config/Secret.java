package io.restpipe.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A text that is never printed. */
public final class Secret {

  static final String REDACTED = "[redacted]";

  private final String text;

  public Secret(String text) {
    this.text = text;
  }

  /** The text itself, for the one who needs it. */
  public String reveal() {
    return text;
  }

  /** Compares in a time that does not depend on where they differ. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret
        && MessageDigest.isEqual(
            text.getBytes(StandardCharsets.UTF_8), secret.text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** {@code [redacted]}. */
  @Override
  public String toString() {
    return REDACTED;
  }
}

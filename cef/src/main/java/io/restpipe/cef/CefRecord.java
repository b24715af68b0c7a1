package io.restpipe.cef;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** An event as text, and when it was logged: what travels to a sink. */
public final class CefRecord {

  private final Instant time;
  private final byte[] bytes;

  CefRecord(Instant time, byte[] bytes) {
    this.time = time;
    this.bytes = bytes;
  }

  public Instant time() {
    return time;
  }

  /** One line of UTF-8 without its end; not a copy, and not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}

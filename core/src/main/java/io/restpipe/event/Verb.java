package io.restpipe.event;

import java.util.Locale;

/** What an event asks for: the HTTP methods that travel over the pipe (RFC 9110 section 9). */
public enum Verb {
  GET(true),
  HEAD(true),
  POST(false),
  PUT(true),
  DELETE(true),
  PATCH(false),
  OPTIONS(true);

  private final boolean idempotent;
  private final String lowerCase;

  Verb(boolean idempotent) {
    this.idempotent = idempotent;
    this.lowerCase = name().toLowerCase(Locale.ROOT);
  }

  /** Whether sending the event twice has the effect of sending it once (RFC 9110 section 9.2.2). */
  public boolean idempotent() {
    return idempotent;
  }

  /** The verb as it begins a handler method's name, for example {@code get}. */
  public String lowerCase() {
    return lowerCase;
  }
}

package io.restpipe.cef;

/** A line is not what the Common Event Format allows. */
public final class CefParseException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  private final int position;

  CefParseException(int position, String rule) {
    super("at character " + position + ": " + rule);
    this.position = position;
  }

  /** The character of the line where it goes wrong, counted from 0. */
  public int position() {
    return position;
  }
}

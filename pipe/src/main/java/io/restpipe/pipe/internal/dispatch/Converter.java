package io.restpipe.pipe.internal.dispatch;

/**
 * Turns the text of one URL parameter into a value.
 *
 * @param article what the value is, as in "must be <em>an int</em>"
 */
record Converter(String article, Parse parse) {

  /** Throws IllegalArgumentException, DateTimeException or ArithmeticException on other text. */
  @FunctionalInterface
  interface Parse {
    Object parse(String text);
  }
}

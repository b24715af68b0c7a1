package io.restpipe.auth.policy;

import java.util.BitSet;

/**
 * A name in which a star stands for any characters, also for none. Compares letter by letter: case
 * counts. Takes time in proportion to pattern times name, whatever they are.
 */
final class NamePattern {

  private final String text;
  private final BitSet stars;

  NamePattern(Word word) {
    this.text = word.text();
    this.stars = new BitSet();
    for (int i = 0; i < text.length(); i++) {
      stars.set(i, word.special(i, '*'));
    }
  }

  boolean matches(String name) {
    int at = 0;
    int in = 0;
    int star = -1;
    int resume = 0;
    while (in < name.length()) {
      if (at < text.length() && stars.get(at)) {
        star = at++;
        resume = in;
      } else if (at < text.length() && text.charAt(at) == name.charAt(in)) {
        at++;
        in++;
      } else if (star >= 0) {
        // The last star takes one character more.
        at = star + 1;
        in = ++resume;
      } else {
        return false;
      }
    }
    while (at < text.length() && stars.get(at)) {
      at++;
    }
    return at == text.length();
  }

  /** Whether it fits every name. */
  boolean matchesAll() {
    return !text.isEmpty() && stars.cardinality() == text.length();
  }

  @Override
  public String toString() {
    return text;
  }
}

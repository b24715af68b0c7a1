package io.restpipe.auth.policy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A word of a line, quotes taken off. What stood in quotes means itself: a star there is a star, a
 * colon no separator.
 *
 * @param text without quotes
 * @param quoted which of its characters stood in quotes
 */
record Word(String text, BitSet quoted) {

  /** Whether it is that word, and not in quotes. */
  boolean is(String keyword) {
    return quoted.isEmpty() && text.equals(keyword);
  }

  /** Where a character first stands outside quotes; -1 if it does not. */
  int indexOf(char c) {
    for (int i = 0; i < text.length(); i++) {
      if (special(i, c)) {
        return i;
      }
    }
    return -1;
  }

  boolean special(int at, char c) {
    return text.charAt(at) == c && !quoted.get(at);
  }

  Word sub(int from, int to) {
    return new Word(text.substring(from, to), quoted.get(from, to));
  }

  /** The parts between a character that stands outside quotes. */
  List<Word> split(char separator) {
    var parts = new ArrayList<Word>();
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      if (special(i, separator)) {
        parts.add(sub(from, i));
        from = i + 1;
      }
    }
    parts.add(sub(from, text.length()));
    return parts;
  }

  @Override
  public String toString() {
    return text;
  }
}

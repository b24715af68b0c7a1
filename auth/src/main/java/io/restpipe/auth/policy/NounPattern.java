package io.restpipe.auth.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * A noun in which {@code *} stands for any characters within one word, and {@code **} as a word of
 * its own for any number of words, also none.
 *
 * <p>Words are parted by {@code /}, {@code -} and {@code _} alike, in the pattern and in the noun:
 * {@code time/utc}, {@code time-utc} and {@code time_utc} reach the same method of a handler, so a
 * rule that told them apart could be walked around.
 */
final class NounPattern {

  private final String text;

  private final NamePattern[] words;

  /** Which of the words is {@code **}. */
  private final boolean[] any;

  NounPattern(Word word) {
    this.text = word.text();
    var patterns = new ArrayList<NamePattern>();
    var anys = new ArrayList<Boolean>();
    for (Word part : parts(word)) {
      patterns.add(new NamePattern(part));
      anys.add(part.is("**"));
    }
    this.words = patterns.toArray(new NamePattern[0]);
    this.any = new boolean[words.length];
    for (int i = 0; i < any.length; i++) {
      any[i] = anys.get(i);
    }
  }

  private static List<Word> parts(Word word) {
    var parts = new ArrayList<Word>();
    int from = 0;
    for (int i = 0; i < word.text().length(); i++) {
      if (parts(word.text().charAt(i))) {
        parts.add(word.sub(from, i));
        from = i + 1;
      }
    }
    parts.add(word.sub(from, word.text().length()));
    return parts;
  }

  private static boolean parts(char c) {
    return c == '/' || c == '-' || c == '_';
  }

  /** The words of a noun. */
  static String[] words(String noun) {
    var words = new ArrayList<String>(4);
    int from = 0;
    for (int i = 0; i < noun.length(); i++) {
      if (parts(noun.charAt(i))) {
        words.add(noun.substring(from, i));
        from = i + 1;
      }
    }
    words.add(noun.substring(from));
    return words.toArray(new String[0]);
  }

  boolean matches(String[] noun) {
    if (matchesAll()) {
      return true;
    }
    // fits[i]: the pattern so far fits the first i words.
    var fits = new boolean[noun.length + 1];
    fits[0] = true;
    for (int p = 0; p < words.length; p++) {
      var next = new boolean[noun.length + 1];
      boolean some = false;
      for (int i = 0; i <= noun.length; i++) {
        boolean here =
            any[p]
                ? fits[i] || (i > 0 && next[i - 1])
                : i > 0 && fits[i - 1] && words[p].matches(noun[i - 1]);
        next[i] = here;
        some |= here;
      }
      if (!some) {
        return false;
      }
      fits = next;
    }
    return fits[noun.length];
  }

  /** Whether it fits every noun. */
  boolean matchesAll() {
    return any.length == 1 && any[0];
  }

  @Override
  public String toString() {
    return text.isEmpty() ? "\"\"" : text;
  }
}

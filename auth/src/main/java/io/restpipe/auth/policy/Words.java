package io.restpipe.auth.policy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The words of one line: parted by spaces, commas for themselves, a comment left out. */
final class Words {

  private static final String COMMA = ",";

  private final List<Word> words;
  private int next;

  private Words(List<Word> words) {
    this.words = words;
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException with what is wrong with it
   */
  static Words of(String line) {
    return new Words(new Scanner(line).words());
  }

  boolean atEnd() {
    return next == words.size();
  }

  /** The next word, which stays; null at the end. */
  @Nullable Word peek() {
    return atEnd() ? null : words.get(next);
  }

  /**
   * Takes the next word.
   *
   * @param expected what should be there, for the message where there is none
   */
  Word take(String expected) {
    Word word = peek();
    if (word == null || word.is(COMMA)) {
      throw new IllegalArgumentException(
          expected
              + (word == null
                  ? " is missing at the end of the line"
                  : " is missing before the comma"));
    }
    next++;
    return word;
  }

  /** Takes a list: one word, and one more after each comma. */
  List<Word> list(String expected) {
    var list = new ArrayList<Word>();
    list.add(take(expected));
    for (Word comma = peek(); comma != null && comma.is(COMMA); comma = peek()) {
      next++;
      list.add(take(expected));
    }
    return list;
  }

  /** Takes a word that can only be this one. */
  void take(String keyword, String after) {
    Word word = peek();
    if (word == null || !word.is(keyword)) {
      throw new IllegalArgumentException(
          "\"" + keyword + "\" must follow " + after + (word == null ? "" : ", not " + show(word)));
    }
    next++;
  }

  /** There must be nothing more. */
  void end() {
    Word word = peek();
    if (word != null) {
      throw new IllegalArgumentException(
          "nothing may follow here: "
              + show(word)
              + " (lists are written with commas, names with spaces in quotes)");
    }
  }

  /** A word as it may stand in a message. */
  static String show(Word word) {
    String text = word.text();
    return "\"" + (text.length() > 60 ? text.substring(0, 60) + "..." : text) + "\"";
  }

  /** Takes a line apart. */
  private static final class Scanner {

    private final String line;
    private final List<Word> words = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private BitSet quoted = new BitSet();
    private boolean inWord;
    private boolean inQuotes;

    Scanner(String line) {
      this.line = line;
    }

    List<Word> words() {
      for (int i = 0; i < line.length(); i++) {
        char c = line.charAt(i);
        if (inQuotes) {
          quoted(c, i);
        } else if (c == '#' && !inWord) {
          break;
        } else if (c == '"') {
          inQuotes = true;
          inWord = true;
        } else if (c == ' ' || c == '\t') {
          flush();
        } else if (c == ',') {
          flush();
          words.add(new Word(COMMA, new BitSet()));
        } else if (Character.isISOControl(c)) {
          throw new IllegalArgumentException("there is a control character at column " + (i + 1));
        } else {
          inWord = true;
          text.append(c);
        }
      }
      if (inQuotes) {
        throw new IllegalArgumentException("a quote is not closed");
      }
      flush();
      return words;
    }

    private void quoted(char c, int at) {
      if (c == '"') {
        inQuotes = false;
      } else if (Character.isISOControl(c)) {
        throw new IllegalArgumentException("there is a control character at column " + (at + 1));
      } else {
        quoted.set(text.length());
        text.append(c);
      }
    }

    private void flush() {
      if (inWord) {
        words.add(new Word(text.toString(), quoted));
        text.setLength(0);
        quoted = new BitSet();
        inWord = false;
      }
    }
  }
}

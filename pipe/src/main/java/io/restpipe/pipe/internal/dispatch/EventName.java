package io.restpipe.pipe.internal.dispatch;

import io.restpipe.event.Verb;
import org.jspecify.annotations.Nullable;

/**
 * The verb that a method name begins with, and the key that its noun leads to: {@code getTimeUtc}
 * and {@code get_time_utc} are both {@code GET} and {@code time_utc}.
 */
record EventName(Verb verb, String key) {

  private static final Verb[] VERBS = Verb.values();

  /** Reads a method's name; null where it does not begin with a verb. */
  static @Nullable EventName ofMethod(String name) {
    for (Verb verb : VERBS) {
      if (name.startsWith(verb.lowerCase())) {
        String rest = name.substring(verb.lowerCase().length());
        if (rest.isEmpty()) {
          return new EventName(verb, "");
        }
        char first = rest.charAt(0);
        if (first == '_') {
          return new EventName(verb, rest.substring(1));
        }
        if (Character.isUpperCase(first) || Character.isDigit(first)) {
          return new EventName(verb, snake(rest));
        }
      }
    }
    return null;
  }

  /** What a noun is looked up by, where no method has it exactly: {@code time/utc} is time_utc. */
  static String key(String noun) {
    return noun.replace('/', '_').replace('-', '_');
  }

  /** Splits camel case into lower-case words; a run of capitals is one word. */
  private static String snake(String camel) {
    var words = new StringBuilder(camel.length() + 8);
    for (int i = 0; i < camel.length(); i++) {
      char c = camel.charAt(i);
      if (Character.isUpperCase(c) && beginsWord(camel, i)) {
        words.append('_');
      }
      words.append(Character.toLowerCase(c));
    }
    return words.toString();
  }

  private static boolean beginsWord(String camel, int i) {
    if (i == 0 || camel.charAt(i - 1) == '_') {
      return false;
    }
    boolean afterCapital = Character.isUpperCase(camel.charAt(i - 1));
    boolean beforeSmall = i + 1 < camel.length() && Character.isLowerCase(camel.charAt(i + 1));
    return !afterCapital || beforeSmall;
  }
}

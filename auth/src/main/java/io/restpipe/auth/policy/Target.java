package io.restpipe.auth.policy;

import io.restpipe.security.Access;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * On whom a rule is: the server, clients by name, or both.
 *
 * @param server whether the server is meant
 * @param clients which clients are meant; null for none
 */
record Target(boolean server, @Nullable NamePattern clients) {

  private static final String CLIENT = "client:";

  boolean matches(Access access) {
    return access.client() ? clients != null && clients.matches(access.target()) : server;
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException with what is wrong with it
   */
  static Target of(Word word) {
    if (word.is("*")) {
      return new Target(true, new NamePattern(word));
    }
    if (word.is("server")) {
      return new Target(true, null);
    }
    int colon = word.indexOf(':');
    if (colon == CLIENT.length() - 1 && word.text().startsWith(CLIENT)) {
      Word name = word.sub(CLIENT.length(), word.text().length());
      if (name.text().isEmpty()) {
        throw new IllegalArgumentException(
            "client: names nobody: write client:NAME, or client:* for all of them");
      }
      return new Target(false, new NamePattern(name));
    }
    throw new IllegalArgumentException(
        Words.show(word)
            + " is no target: must be server, client:NAME or *"
            + PolicyParser.nearest(word.text(), List.of("server", CLIENT)));
  }
}

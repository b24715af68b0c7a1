package io.restpipe.auth.password;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The content of a file of users, as htpasswd writes it, with more after the hash where there is
 * more to say: {@code NAME:HASH[:roles=a,b][:email=x@example.org][:disabled]}. Empty lines and
 * those that begin with {@code #} stay as they are. Immutable.
 */
final class UserFile {

  private static final String ROLES = "roles=";
  private static final String EMAIL = "email=";
  private static final String DISABLED = "disabled";

  /** Line by line; a line of a user is only known by its name here. */
  private final List<String> lines;

  private final Map<String, Entry> byName;
  private final Map<String, Entry> byEmail;

  /** A user and the hash of its password. */
  record Entry(User user, String hash) {

    String line() {
      var line = new StringBuilder(user.name()).append(':').append(hash);
      if (!user.roles().isEmpty()) {
        line.append(':').append(ROLES).append(user.rolesText());
      }
      user.mail().ifPresent(email -> line.append(':').append(EMAIL).append(email));
      if (user.disabled()) {
        line.append(':').append(DISABLED);
      }
      return line.toString();
    }

    @Override
    public String toString() {
      return user.name();
    }
  }

  private UserFile(List<String> lines, Map<String, Entry> byName) {
    this.lines = lines;
    this.byName = byName;
    this.byEmail = new LinkedHashMap<>();
    byName.values().forEach(entry -> entry.user().mail().ifPresent(m -> byEmail.put(m, entry)));
  }

  /**
   * Reads it.
   *
   * @throws IOException if a line is wrong; the message says which
   */
  static UserFile parse(byte[] content) throws IOException {
    List<String> lines = new ArrayList<>();
    Map<String, Entry> byName = new LinkedHashMap<>();
    int number = 0;
    for (String line : new String(content, StandardCharsets.UTF_8).lines().toList()) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        lines.add(line);
        continue;
      }
      try {
        Entry entry = entry(line.strip());
        if (byName.putIfAbsent(entry.user().name(), entry) != null) {
          throw new IllegalArgumentException("user " + entry.user().name() + " is there twice");
        }
        lines.add(entry.user().name() + ":");
      } catch (IllegalArgumentException | HashFormatException wrong) {
        throw new IOException("line " + number + ": " + wrong.getMessage(), wrong);
      }
    }
    return new UserFile(lines, byName);
  }

  private static Entry entry(String line) throws HashFormatException {
    int colon = line.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("a line is NAME:HASH, with more fields after colons");
    }
    String name = User.checkName(line.substring(0, colon));
    String rest = line.substring(colon + 1);
    Set<String> roles = new LinkedHashSet<>();
    String email = null;
    boolean disabled = false;
    // From the end: some hashes have colons in them.
    for (int last = rest.lastIndexOf(':'); last >= 0; last = rest.lastIndexOf(':')) {
      String field = rest.substring(last + 1);
      if (field.startsWith(ROLES)) {
        roles(field.substring(ROLES.length()), roles);
      } else if (field.startsWith(EMAIL)) {
        email = User.checkEmail(field.substring(EMAIL.length()));
      } else if (field.equals(DISABLED)) {
        disabled = true;
      } else {
        break;
      }
      rest = rest.substring(0, last);
    }
    PasswordHash.parse(rest);
    return new Entry(new User(name, name, email, roles, disabled), rest);
  }

  private static void roles(String text, Set<String> into) {
    for (String role : text.split(",", -1)) {
      if (!role.isBlank()) {
        into.add(User.checkRole(role.strip()));
      }
    }
  }

  /** By name, else by e-mail address. */
  Optional<Entry> find(String login) {
    Entry entry = byName.get(login);
    return Optional.ofNullable(entry == null ? byEmail.get(login) : entry);
  }

  @Nullable Entry named(String name) {
    return byName.get(name);
  }

  List<User> users() {
    return byName.values().stream().map(Entry::user).toList();
  }

  /** The same with that user in it, in the place of one of that name. */
  UserFile with(Entry entry) {
    List<String> newLines = new ArrayList<>(lines);
    Map<String, Entry> newEntries = new LinkedHashMap<>(byName);
    if (newEntries.put(entry.user().name(), entry) == null) {
      newLines.add(entry.user().name() + ":");
    }
    return new UserFile(newLines, newEntries);
  }

  UserFile without(String name) {
    List<String> newLines = new ArrayList<>(lines);
    newLines.remove(name + ":");
    Map<String, Entry> newEntries = new LinkedHashMap<>(byName);
    newEntries.remove(name);
    return new UserFile(newLines, newEntries);
  }

  byte[] bytes() {
    var text = new StringBuilder();
    for (String line : lines) {
      boolean comment = line.isBlank() || line.startsWith("#");
      Entry entry = comment ? null : byName.get(line.substring(0, line.length() - 1));
      text.append(entry == null ? line : entry.line()).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}

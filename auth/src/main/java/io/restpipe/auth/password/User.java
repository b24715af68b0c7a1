package io.restpipe.auth.password;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who can log in. Immutable.
 *
 * @param id what the store knows it by; never changes
 * @param name what it logs in with
 * @param email another thing it can log in with; null where it has none
 * @param roles what it may do; names that a policy knows
 * @param disabled whether it is kept out for now
 */
public record User(
    String id, String name, @Nullable String email, Set<String> roles, boolean disabled) {

  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N}._@+-]{0,199}");
  private static final Pattern ROLE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}");
  private static final Pattern EMAIL =
      Pattern.compile("[^\\s@,:<>\"\\p{Cntrl}]{1,64}@[^\\s@,:<>\"\\p{Cntrl}]{1,190}");

  public User {
    Objects.requireNonNull(id);
    Objects.requireNonNull(name);
    roles = Set.copyOf(roles);
  }

  /**
   * Checks a name that somebody wants to have.
   *
   * @throws IllegalArgumentException if it can't be one
   */
  public static String checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a user's name begins with a letter or digit, and has letters, digits and . _ @ + - ; at"
              + " most 200");
    }
    return name;
  }

  /**
   * Checks an e-mail address.
   *
   * @throws IllegalArgumentException if it can't be one
   */
  public static String checkEmail(String email) {
    if (!EMAIL.matcher(email).matches()) {
      throw new IllegalArgumentException("an e-mail address looks like name@example.org");
    }
    return email;
  }

  /**
   * Checks the name of a role.
   *
   * @throws IllegalArgumentException if it can't be one
   */
  public static String checkRole(String role) {
    if (!ROLE.matcher(role).matches()) {
      throw new IllegalArgumentException(
          "a role has letters, digits and . _ - ; at most 64: it begins with a letter or digit");
    }
    return role;
  }

  /** Its e-mail address. */
  public Optional<String> mail() {
    return Optional.ofNullable(email);
  }

  /** The same, with these roles. */
  public User withRoles(Set<String> newRoles) {
    return new User(id, name, email, newRoles, disabled);
  }

  /** The same, kept out or let in. */
  public User withDisabled(boolean isDisabled) {
    return new User(id, name, email, roles, isDisabled);
  }

  /** Its roles in order, parted by commas. */
  public String rolesText() {
    return String.join(",", new TreeSet<>(roles));
  }
}

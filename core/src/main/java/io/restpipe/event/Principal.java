package io.restpipe.event;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is behind an event, as far as it was proved. Immutable and bounded: texts have 1 to {@link
 * #MAX_TEXT} characters without control characters, there are at most {@link #MAX_ENTRIES} roles,
 * groups and scopes each, and all texts together have at most {@link #MAX_TOTAL} characters.
 *
 * <p>It travels with the event from node to node. A node takes another node's word for it only as
 * far as that one may vouch; {@link #vouchedBy} says whose word it is.
 */
public final class Principal {

  /** The most characters of one name, role, group or scope. */
  public static final int MAX_TEXT = 255;

  /** The most roles; the most groups; the most scopes. */
  public static final int MAX_ENTRIES = 64;

  /** The most characters of all texts together. */
  public static final int MAX_TOTAL = 8 * 1024;

  private static final Principal LOCAL = new Builder(Kind.LOCAL, "local").build();
  private static final Principal ANONYMOUS = new Builder(Kind.ANONYMOUS, "anonymous").build();

  private final Kind kind;
  private final String name;
  private final Method method;
  private final Set<String> roles;
  private final Set<String> groups;
  private final Set<String> scopes;
  private final @Nullable String vouchedBy;
  private final @Nullable String claimed;

  /** What sort of caller it is. */
  public enum Kind {
    /** A program on the node's own machine, or the node itself; nobody asked who it is. */
    LOCAL,
    /** Somebody elsewhere whom nobody asked who they are. */
    ANONYMOUS,
    /** A program that proved its name with a certificate: a node, or a caller of a gateway. */
    PEER,
    /** A user who proved who they are. */
    USER
  }

  /** How it was proved who it is. */
  public enum Method {
    /** Not at all. */
    NONE,
    /** By the certificate of a connection between nodes. */
    PIPE,
    /** By a client certificate at a gateway. */
    CERTIFICATE,
    /** By name and password (RFC 7617). */
    BASIC,
    /** By a token in the Authorization header (RFC 6750). */
    BEARER,
    /** By a token in a cookie. */
    COOKIE
  }

  private Principal(Builder builder) {
    this.kind = builder.kind;
    this.name = builder.name;
    this.method = builder.method;
    this.roles = builder.roles;
    this.groups = builder.groups;
    this.scopes = builder.scopes;
    this.vouchedBy = builder.vouchedBy;
    this.claimed = builder.claimed;
    int total = name.length();
    for (Set<String> texts : List.of(roles, groups, scopes)) {
      for (String text : texts) {
        total += text.length();
      }
    }
    if (total > MAX_TOTAL) {
      throw new IllegalArgumentException(
          "a principal's texts must have at most " + MAX_TOTAL + " characters: " + total);
    }
  }

  /** The node itself and programs on its machine. */
  public static Principal local() {
    return LOCAL;
  }

  /** Somebody elsewhere, unknown. */
  public static Principal anonymous() {
    return ANONYMOUS;
  }

  /** A node, by its certificate. */
  public static Principal peer(String name) {
    return builder(Kind.PEER, name).method(Method.PIPE).build();
  }

  /**
   * Begins a user.
   *
   * @throws IllegalArgumentException if the name is out of bounds
   */
  public static Builder user(String name) {
    return builder(Kind.USER, name);
  }

  /**
   * Begins a principal of any kind.
   *
   * @throws IllegalArgumentException if the name is out of bounds
   */
  public static Builder builder(Kind kind, String name) {
    return new Builder(kind, name);
  }

  public Kind kind() {
    return kind;
  }

  /** The user's name, or the name in the certificate; {@code local} and {@code anonymous} else. */
  public String name() {
    return name;
  }

  public Method method() {
    return method;
  }

  /** What the user is here, for example {@code operator}; can't be changed. */
  public Set<String> roles() {
    return roles;
  }

  /** What the user belongs to, for example in a directory; can't be changed. */
  public Set<String> groups() {
    return groups;
  }

  /** What the token that was shown is good for; can't be changed. */
  public Set<String> scopes() {
    return scopes;
  }

  /** The node whose word all this is; absent where this node proved it itself. */
  public Optional<String> vouchedBy() {
    return Optional.ofNullable(vouchedBy);
  }

  /**
   * For a peer: the user that it says it speaks for, where it may not vouch for that user. A name
   * to show, nothing to decide by.
   */
  public Optional<String> claimed() {
    return Optional.ofNullable(claimed);
  }

  /** Whether it is a user with that role. */
  public boolean hasRole(String role) {
    return roles.contains(role);
  }

  /** A builder that starts with everything this principal has. */
  public Builder toBuilder() {
    var builder = new Builder(kind, name);
    builder.method = method;
    builder.roles = roles;
    builder.groups = groups;
    builder.scopes = scopes;
    builder.vouchedBy = vouchedBy;
    builder.claimed = claimed;
    return builder;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Principal that
        && kind == that.kind
        && method == that.method
        && name.equals(that.name)
        && roles.equals(that.roles)
        && groups.equals(that.groups)
        && scopes.equals(that.scopes)
        && Objects.equals(vouchedBy, that.vouchedBy)
        && Objects.equals(claimed, that.claimed);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, method, name, roles, vouchedBy);
  }

  /** For logs: {@code user alice}, {@code peer fileserver, for alice}, {@code local}. */
  @Override
  public String toString() {
    String who =
        switch (kind) {
          case LOCAL -> "local";
          case ANONYMOUS -> "anonymous";
          case PEER -> "peer " + name;
          case USER -> "user " + name;
        };
    return who
        + (claimed == null ? "" : ", for " + claimed)
        + (vouchedBy == null ? "" : ", vouched for by " + vouchedBy);
  }

  /** Collects what is optional in a principal. Not thread-safe. */
  public static final class Builder {

    private final Kind kind;
    private final String name;
    private Method method = Method.NONE;
    private Set<String> roles = Set.of();
    private Set<String> groups = Set.of();
    private Set<String> scopes = Set.of();
    private @Nullable String vouchedBy;
    private @Nullable String claimed;

    private Builder(Kind kind, String name) {
      this.kind = kind;
      this.name = checked("name", name);
    }

    /** How it was proved. Default: not at all. */
    public Builder method(Method method) {
      this.method = method;
      return this;
    }

    /**
     * Default: none.
     *
     * @throws IllegalArgumentException if there are too many, or one is out of bounds
     */
    public Builder roles(Collection<String> roles) {
      this.roles = checked("role", roles);
      return this;
    }

    /** As {@link #roles}. */
    public Builder groups(Collection<String> groups) {
      this.groups = checked("group", groups);
      return this;
    }

    /** As {@link #roles}. */
    public Builder scopes(Collection<String> scopes) {
      this.scopes = checked("scope", scopes);
      return this;
    }

    /** Whose word it is. Default: nobody's, this node knows by itself. */
    public Builder vouchedBy(@Nullable String node) {
      this.vouchedBy = node == null ? null : checked("node", node);
      return this;
    }

    /** The user that a peer says it speaks for. Default: none. */
    public Builder claimed(@Nullable String user) {
      this.claimed = user == null ? null : checked("name", user);
      return this;
    }

    /**
     * Makes it.
     *
     * @throws IllegalArgumentException if all texts together are too long
     */
    public Principal build() {
      return new Principal(this);
    }

    private static Set<String> checked(String what, Collection<String> texts) {
      if (texts.isEmpty()) {
        return Set.of();
      }
      var set = new LinkedHashSet<String>();
      for (String text : texts) {
        set.add(checked(what, text));
      }
      if (set.size() > MAX_ENTRIES) {
        throw new IllegalArgumentException(
            "a principal has at most " + MAX_ENTRIES + " " + what + "s: " + set.size());
      }
      return Collections.unmodifiableSet(set);
    }

    private static String checked(String what, String text) {
      if (text.isEmpty() || text.length() > MAX_TEXT) {
        throw new IllegalArgumentException(
            "a principal's "
                + what
                + " must have 1 to "
                + MAX_TEXT
                + " characters: "
                + text.length());
      }
      for (int i = 0; i < text.length(); i++) {
        if (Character.isISOControl(text.charAt(i))) {
          throw new IllegalArgumentException(
              "a principal's " + what + " has a control character at " + i);
        }
      }
      return text;
    }
  }
}

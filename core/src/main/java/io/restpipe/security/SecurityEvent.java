package io.restpipe.security;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something that matters to security has happened. Immutable. What happened and what can be said of
 * it are closed sets; text from outside goes into fields, never into what the event is called, and
 * whoever writes the event down escapes it. Keys, passwords, tokens and bodies have no field.
 */
public final class SecurityEvent {

  private final SecurityEventKind kind;
  private final Map<Field, String> fields;
  private final @Nullable InetAddress address;
  private final int port;

  /** What can be said of an event beside its kind and where it came from. */
  public enum Field {
    /** The name of the node at the other end, from its certificate. */
    PEER,
    /** Who acted: a user or other principal. */
    USER,
    /** Why, in words of ours: {@code certificate has expired}. */
    REASON,
    /** More, in free words. */
    MESSAGE,
    /** The method of the request. */
    METHOD,
    /** The path of the request, without its query. */
    PATH,
    /** What the request said that it comes from. */
    USER_AGENT,
    /** The host that the request was for. */
    HOST,
    /** The serial number of the certificate, in hexadecimal digits. */
    SERIAL,
    /** The id of the token, never the token. */
    TOKEN_ID,
    /** The rule that decided. */
    RULE,
    /** Which limit was hit, with its value. */
    LIMIT,
    /** The file it is about. */
    FILE
  }

  private SecurityEvent(Builder builder) {
    this.kind = builder.kind;
    this.fields = Collections.unmodifiableMap(new EnumMap<>(builder.fields));
    this.address = builder.address;
    this.port = builder.port;
  }

  /** Begins an event of that kind. */
  public static Builder builder(SecurityEventKind kind) {
    return new Builder(kind);
  }

  public SecurityEventKind kind() {
    return kind;
  }

  /** What is said of it, in the order of {@link Field}; can't be changed. */
  public Map<Field, String> fields() {
    return fields;
  }

  /** The address it came from. */
  public Optional<InetAddress> address() {
    return Optional.ofNullable(address);
  }

  /** The port it came from; 0 if unknown. */
  public int port() {
    return port;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SecurityEvent that
        && kind == that.kind
        && fields.equals(that.fields)
        && Objects.equals(address, that.address)
        && port == that.port;
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, fields, address, port);
  }

  /** For tests and debugging; not escaped. */
  @Override
  public String toString() {
    return kind + " " + fields + (address == null ? "" : " from " + address + ":" + port);
  }

  /** Makes one event. */
  public static final class Builder {

    private final SecurityEventKind kind;
    private final Map<Field, String> fields = new EnumMap<>(Field.class);
    private @Nullable InetAddress address;
    private int port;

    private Builder(SecurityEventKind kind) {
      this.kind = kind;
    }

    /** Says something of the event; nothing where the value is not known. */
    public Builder with(Field field, @Nullable String value) {
      if (value != null) {
        fields.put(field, value);
      }
      return this;
    }

    /** As {@link #with} for {@link Field#PEER}. */
    public Builder peer(@Nullable String name) {
      return with(Field.PEER, name);
    }

    /** As {@link #with} for {@link Field#USER}. */
    public Builder user(@Nullable String name) {
      return with(Field.USER, name);
    }

    /** As {@link #with} for {@link Field#REASON}. */
    public Builder reason(@Nullable String reason) {
      return with(Field.REASON, reason);
    }

    /** Where it came from; nothing where that is not known. */
    public Builder from(@Nullable InetSocketAddress source) {
      if (source != null) {
        address = source.getAddress();
        port = source.getPort();
      }
      return this;
    }

    public SecurityEvent build() {
      return new SecurityEvent(this);
    }
  }
}

package io.restpipe.event;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What travels to a handler: verb, noun, parameters, query, headers and a body. Immutable, but for
 * the body, which is read once.
 */
public final class Event {

  private final @Nullable String id;
  private final Verb verb;
  private final String noun;
  private final List<String> parameters;
  private final String query;
  private final Headers headers;
  private final String mimeType;
  private final Body body;
  private final @Nullable Duration timeout;
  private final @Nullable Principal caller;
  private final @Nullable String relayTo;

  private Event(Builder builder) {
    this.id = builder.id;
    this.verb = builder.verb;
    this.noun = builder.noun;
    this.parameters = List.copyOf(builder.parameters);
    this.query = builder.query;
    this.headers = builder.headers;
    this.mimeType = builder.mimeType;
    this.body = builder.body;
    this.timeout = builder.timeout;
    this.caller = builder.caller;
    this.relayTo = builder.relayTo;
  }

  /** Starts an event; the noun is taken as it is, for example {@code time/utc}. */
  public static Builder builder(Verb verb, String noun) {
    return new Builder(verb, noun);
  }

  /**
   * Starts an event from a path as a gateway takes it: {@code NOUN[//P1/P2…][?query]}. Percent
   * escapes are decoded after the split, so {@code %2F} stays inside a parameter.
   *
   * @throws IllegalArgumentException if a percent escape is malformed, or what it stands for is not
   *     UTF-8
   */
  public static Builder at(Verb verb, String path) {
    int question = path.indexOf('?');
    String beforeQuery = question < 0 ? path : path.substring(0, question);
    int slashes = beforeQuery.indexOf("//");
    String noun = slashes < 0 ? beforeQuery : beforeQuery.substring(0, slashes);
    var builder = new Builder(verb, decode(noun));
    if (slashes >= 0) {
      for (String parameter : beforeQuery.substring(slashes + 2).split("/", -1)) {
        builder.parameter(decode(parameter));
      }
    }
    if (question >= 0) {
      builder.query(path.substring(question + 1));
    }
    return builder;
  }

  private static String decode(String escaped) {
    return escaped.indexOf('%') < 0 ? escaped : PercentEscapes.decode(escaped);
  }

  /** Names this event for de-duplication and logs; given by the sending node where absent. */
  public Optional<String> id() {
    return Optional.ofNullable(id);
  }

  public Verb verb() {
    return verb;
  }

  public String noun() {
    return noun;
  }

  /** The URL parameters, decoded, in order. */
  public List<String> parameters() {
    return parameters;
  }

  /** The query string as sent, without the question mark; empty if there is none. */
  public String query() {
    return query;
  }

  public Headers headers() {
    return headers;
  }

  /** The body's media type without parameters in the way that the sender gave it; may be empty. */
  public String mimeType() {
    return mimeType;
  }

  public Body body() {
    return body;
  }

  /**
   * How long the sender waits for the reply. While a body is moving, counted from its last
   * progress. Absent: the sending node's default.
   */
  public Optional<Duration> timeout() {
    return Optional.ofNullable(timeout);
  }

  /**
   * On whose behalf it is sent. Absent: on the sending node's own. Where the event has come in,
   * this is the peer's word and no more; {@link Exchange#caller} is what is made of it.
   */
  public Optional<Principal> caller() {
    return Optional.ofNullable(caller);
  }

  /** The client that the server is to pass it on to; absent where the receiver answers itself. */
  public Optional<String> relayTo() {
    return Optional.ofNullable(relayTo);
  }

  /** A builder that starts with everything this event has, the body included. */
  public Builder toBuilder() {
    var builder = new Builder(verb, noun);
    builder.id = id;
    builder.parameters = new ArrayList<>(parameters);
    builder.query = query;
    builder.headers = headers;
    builder.mimeType = mimeType;
    builder.body = body;
    builder.timeout = timeout;
    builder.caller = caller;
    builder.relayTo = relayTo;
    return builder;
  }

  /** Verb, noun and id; never the parameters or the body. */
  @Override
  public String toString() {
    return verb + " " + noun + (id == null ? "" : " [" + id + "]");
  }

  /** Collects what is optional in an event. Not thread-safe. */
  public static final class Builder {

    private final Verb verb;
    private final String noun;
    private @Nullable String id;
    private List<String> parameters = new ArrayList<>(4);
    private String query = "";
    private Headers headers = Headers.empty();
    private String mimeType = "";
    private Body body = Body.empty();
    private @Nullable Duration timeout;
    private @Nullable Principal caller;
    private @Nullable String relayTo;

    private Builder(Verb verb, String noun) {
      this.verb = verb;
      this.noun = noun;
    }

    /**
     * Default: made by the sending node, unique over all nodes and restarts.
     *
     * @throws IllegalArgumentException if it is empty, longer than 255 characters, or holds
     *     anything but printable ASCII
     */
    public Builder id(String id) {
      if (id.isEmpty() || id.length() > 255) {
        throw new IllegalArgumentException(
            "event id must have 1 to 255 characters: " + id.length());
      }
      for (int i = 0; i < id.length(); i++) {
        if (id.charAt(i) < 0x20 || id.charAt(i) > 0x7e) {
          throw new IllegalArgumentException("event id is not printable ASCII at " + i);
        }
      }
      this.id = id;
      return this;
    }

    /** Adds one URL parameter. Default: none. */
    public Builder parameter(String parameter) {
      parameters.add(parameter);
      return this;
    }

    /** Replaces all URL parameters. Default: none. */
    public Builder parameters(List<String> parameters) {
      this.parameters = new ArrayList<>(parameters);
      return this;
    }

    /** The query string, without the question mark. Default: empty. */
    public Builder query(String query) {
      this.query = query;
      return this;
    }

    /** Default: none. */
    public Builder headers(Headers headers) {
      this.headers = headers;
      return this;
    }

    /** Default: no media type and an empty body. */
    public Builder body(String mimeType, Body body) {
      this.mimeType = mimeType;
      this.body = body;
      return this;
    }

    /** Default: no media type and an empty body. The text is sent in UTF-8. */
    public Builder body(String mimeType, String text) {
      return body(mimeType, Body.of(text));
    }

    /**
     * Default: the sending node's.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder timeout(Duration timeout) {
      if (timeout.isNegative() || timeout.isZero()) {
        throw new IllegalArgumentException("timeout is not positive: " + timeout);
      }
      this.timeout = timeout;
      return this;
    }

    /**
     * On whose behalf it is sent: who is behind it, as far as this program knows. Default: nobody
     * but the node itself.
     */
    public Builder caller(@Nullable Principal caller) {
      this.caller = caller;
      return this;
    }

    /** The client that the server is to pass it on to. Default: none. */
    public Builder relayTo(@Nullable String client) {
      this.relayTo = client;
      return this;
    }

    public Event build() {
      return new Event(this);
    }
  }
}

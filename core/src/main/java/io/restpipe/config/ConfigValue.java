package io.restpipe.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One value of a {@link Configuration}: what was written, where, and what it overrode. It is
 * converted each time it is read. Immutable.
 */
public final class ConfigValue {

  /** A key that is set again and again keeps the last of what it overrode. */
  private static final int MOST_OVERRIDDEN = 32;

  private final String key;
  private final Origin origin;
  private final Content content;
  private final int layer;
  private final List<ConfigValue> overridden;

  ConfigValue(String key, Origin origin, Content content) {
    this(key, origin, content, 0, List.of());
  }

  private ConfigValue(
      String key, Origin origin, Content content, int layer, List<ConfigValue> overridden) {
    this.key = key;
    this.origin = origin;
    this.content = content;
    this.layer = layer;
    this.overridden = overridden;
  }

  /** The same value in the place of another. */
  ConfigValue over(@Nullable ConfigValue loser) {
    if (loser == null) {
      return this;
    }
    var all = new ArrayList<ConfigValue>(overridden);
    all.add(loser.alone());
    all.addAll(loser.overridden);
    return new ConfigValue(
        key,
        origin,
        content,
        layer,
        List.copyOf(all.subList(0, Math.min(all.size(), MOST_OVERRIDDEN))));
  }

  private ConfigValue alone() {
    return overridden.isEmpty() ? this : new ConfigValue(key, origin, content, layer, List.of());
  }

  ConfigValue named(String newKey) {
    return new ConfigValue(newKey, origin, content, layer, overridden);
  }

  ConfigValue inLayer(int newLayer) {
    return new ConfigValue(key, origin, content, newLayer, overridden);
  }

  /** Of two values, the one of the higher layer goes before the other. */
  int layer() {
    return layer;
  }

  /** Whether both mean the same, wherever they are from. */
  boolean isSameAs(ConfigValue other) {
    try {
      return content.isList() == other.content.isList()
          && content.texts().equals(other.content.texts());
    } catch (UnsetVariableException unset) {
      return false;
    }
  }

  /** The full key, {@code section.key}. */
  public String key() {
    return key;
  }

  public Origin origin() {
    return origin;
  }

  /** Those that would hold without this one, the next in line first. */
  public List<ConfigValue> overridden() {
    return overridden;
  }

  /** The value as it was written, with nothing put in or taken away; lines stay lines. */
  public String written() {
    return content.written();
  }

  /**
   * The value: a String, Long, BigInteger, BigDecimal or Boolean, or a List of those.
   *
   * @throws ConfigException if it names an environment variable that is not set
   */
  public Object get() {
    return reading(content::value);
  }

  /**
   * The value as text, variables put in and quotes taken off; of a list, one item a line.
   *
   * @throws ConfigException if it names an environment variable that is not set
   */
  public String text() {
    return String.join("\n", reading(content::texts));
  }

  /**
   * The items of a list; of another value, that value; nothing, if it is empty.
   *
   * @throws ConfigException if it names an environment variable that is not set
   */
  public List<String> texts() {
    List<String> texts = reading(content::texts);
    return !isList() && texts.equals(List.of("")) ? List.of() : texts;
  }

  /** Whether nothing is written. */
  boolean isEmpty() {
    return !isList() && content.written().isEmpty();
  }

  boolean isList() {
    return content.isList();
  }

  /**
   * The value as a type of its own.
   *
   * @throws ConfigException if it is none
   */
  public <T> T as(SettingType<T> type) {
    try {
      if (isList() && !type.acceptsList()) {
        throw new IllegalArgumentException("must be one value, not a list");
      }
      List<String> texts = reading(content::texts, type.isSecret());
      return type.parse(String.join("\n", texts), content.folder());
    } catch (IllegalArgumentException wrong) {
      throw new ConfigException(problem(type, String.valueOf(wrong.getMessage())), wrong);
    }
  }

  Problem problem(SettingType<?> type, String expected) {
    return new Problem(key, origin, type.isSecret() ? Secret.REDACTED : written(), expected);
  }

  /** The folder of the file that holds it. */
  Optional<Path> folder() {
    return Optional.ofNullable(content.folder());
  }

  private <T> T reading(Reading<T> reading) {
    return reading(reading, false);
  }

  private <T> T reading(Reading<T> reading, boolean secret) {
    try {
      return reading.read();
    } catch (UnsetVariableException unset) {
      throw new ConfigException(
          new Problem(
              key,
              origin,
              secret ? Secret.REDACTED : written(),
              String.valueOf(unset.getMessage())),
          unset);
    }
  }

  @FunctionalInterface
  private interface Reading<T> {
    T read() throws UnsetVariableException;
  }

  /** For example {@code server.bind_port = 1234 (server.ini:12)}; not for secrets. */
  @Override
  public String toString() {
    return key + " = " + Problem.printable(written()) + " (" + origin + ")";
  }
}

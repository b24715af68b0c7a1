package io.restpipe.cef;

import java.net.InetAddress;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One event of the Common Event Format. Immutable, and harmless whatever it was made from: all text
 * is cleaned on its way in. Line breaks stay in extension values, where they are written escaped;
 * in the header they become blanks. Control characters, Unicode's line separators, direction marks
 * and halves of surrogate pairs become U+FFFD anywhere.
 *
 * <p>Extensions keep the order in which they were set.
 */
public final class CefEvent {

  static final int MAX_KEY_LENGTH = 255;

  private final CefDevice device;
  private final String signature;
  private final String name;
  private final CefSeverity severity;
  private final String[] keys;
  private final String[] values;

  // What the formatter would count again for every record.
  private final int[] valueLengths;
  private final boolean[] times;
  private final int headerLength;

  CefEvent(
      CefDevice device,
      String signature,
      String name,
      CefSeverity severity,
      Map<String, String> extensions) {
    this.device = device;
    this.signature = signature;
    this.name = name;
    this.severity = severity;
    this.keys = extensions.keySet().toArray(new String[0]);
    this.values = extensions.values().toArray(new String[0]);
    this.valueLengths = new int[keys.length];
    this.times = new boolean[keys.length];
    for (int i = 0; i < keys.length; i++) {
      valueLengths[i] = Escape.VALUE.length(values[i]);
      times[i] = isTime(keys[i], values[i]);
    }
    this.headerLength = headerLength(signature, name);
  }

  private static boolean isTime(String key, String value) {
    return CefKeys.find(key).filter(known -> known.type() == CefType.TIMESTAMP).isPresent()
        && !value.isEmpty()
        && value.length() <= "253402300799999".length()
        && value.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private int headerLength(String signature, String name) {
    return "CEF:0|||||||".length()
        + Escape.HEADER.length(device.vendor())
        + Escape.HEADER.length(device.product())
        + Escape.HEADER.length(device.version())
        + Escape.HEADER.length(signature)
        + Escape.HEADER.length(name)
        + Escape.HEADER.length(severity.toString());
  }

  /**
   * Begins an event.
   *
   * @param signature tells this kind of event from all others of the device; cut to 1,023
   *     characters
   * @param name says in words what happened, without what extensions say; cut to 512 characters
   * @throws IllegalArgumentException if signature or name is blank, or the device's names too long
   */
  public static Builder builder(
      CefDevice device, String signature, String name, CefSeverity severity) {
    return new Builder(device, signature, name, severity);
  }

  public CefDevice device() {
    return device;
  }

  /** The standard's device event class id. */
  public String signature() {
    return signature;
  }

  public String name() {
    return name;
  }

  public CefSeverity severity() {
    return severity;
  }

  /**
   * The value of a key of the dictionary, under its short name or its long one. Times may also be
   * of ISO 8601 or as C's {@code asctime} writes them, for many producers do so. A time without
   * zone counts as one of the device's zone ({@code dtz}; not those that consumers set), or of UTC
   * if there is none, and one without year as the latest before now, or at most two days after it;
   * {@link CefTimeFormat#parse} reads the standard's forms otherwise. Blanks and quotes around a
   * value count only if it is text; nothing else counts as no value.
   *
   * @throws IllegalArgumentException if another producer wrote something of another type
   */
  public <T> Optional<T> get(CefKey<T> key) {
    return text(key.name())
        .or(() -> text(key.fullName()))
        .filter(text -> key.type() == CefType.STRING || !text.isBlank())
        .map(text -> key.readForeign(text, zone(key)));
  }

  private ZoneId zone(CefKey<?> key) {
    if (key.type() != CefType.TIMESTAMP || key.audience() == CefKey.Audience.CONSUMER) {
      return ZoneOffset.UTC;
    }
    return text(CefKeys.DTZ.name())
        .or(() -> text(CefKeys.DTZ.fullName()))
        .flatMap(ZoneNames::find)
        .orElse(ZoneOffset.UTC);
  }

  /** The value of any key, as text. */
  public Optional<String> text(String key) {
    int at = Arrays.asList(keys).indexOf(key);
    return at < 0 ? Optional.empty() : Optional.of(values[at]);
  }

  /** All extensions, in their order; can't be changed. */
  public Map<String, String> extensions() {
    var extensions = new LinkedHashMap<String, String>();
    for (int i = 0; i < keys.length; i++) {
      extensions.put(keys[i], values[i]);
    }
    return Collections.unmodifiableMap(extensions);
  }

  int size() {
    return keys.length;
  }

  String key(int at) {
    return keys[at];
  }

  String value(int at) {
    return values[at];
  }

  /** How many bytes the value takes once escaped. */
  int valueLength(int at) {
    return valueLengths[at];
  }

  /** Whether the value is a time that can be written in other forms. */
  boolean isTime(int at) {
    return times[at];
  }

  /** How many bytes the header takes, its last delimiter included, with a version of one digit. */
  int headerLength() {
    return headerLength;
  }

  /** The same event under another signature and name. */
  CefEvent named(String otherSignature, String otherName) {
    return new CefEvent(device, otherSignature, otherName, severity, extensions());
  }

  /** The same event with device and severity no longer than the standard allows. */
  CefEvent withinStandard() {
    boolean known = CefSeverity.find(severity.toString()).isPresent();
    return new CefEvent(
        device.cut(), signature, name, known ? severity : CefSeverity.UNKNOWN, extensions());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CefEvent that
        && device.equals(that.device)
        && signature.equals(that.signature)
        && name.equals(that.name)
        && severity.equals(that.severity)
        && Arrays.equals(keys, that.keys)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        device, signature, name, severity, Arrays.hashCode(keys), Arrays.hashCode(values));
  }

  /** The event as text, version 0, whole. */
  @Override
  public String toString() {
    return CefFormatter.WHOLE.format(this);
  }

  /** Makes one event. Setting a key again replaces its value and keeps its place. */
  public static final class Builder {

    private static final int MAX_SIGNATURE = 1023;
    private static final int MAX_NAME = 512;

    private final CefDevice device;
    private final String signature;
    private final String name;
    private final CefSeverity severity;
    private final Map<String, String> extensions = new LinkedHashMap<>();
    private boolean consumer;

    private Builder(CefDevice device, String signature, String name, CefSeverity severity) {
      device.checkLengths();
      this.device = device;
      this.signature = present("signature", Text.cut(Text.header(signature), MAX_SIGNATURE));
      this.name = present("name", Text.cut(Text.header(name), MAX_NAME));
      this.severity = severity;
    }

    private static String present(String field, String value) {
      if (value.isEmpty()) {
        throw new IllegalArgumentException("the event's " + field + " is blank: give it a text");
      }
      return value;
    }

    /** Lets keys through that only consumers set, for a program that collects events. */
    public Builder asConsumer() {
      consumer = true;
      return this;
    }

    /**
     * Sets a key. A text loses blanks at its ends, and what is longer than the dictionary allows.
     *
     * @throws IllegalArgumentException if the value is not of the key's type, if the key needs a
     *     label, or if only consumers set it
     */
    public <T> Builder set(CefKey<T> key, T value) {
      checkAudience(key);
      checkUnlabelled(key);
      return put(key.name(), key.write(value));
    }

    /** As {@link #set(CefKey, Object)}. */
    public Builder set(CefKey<Long> key, long value) {
      return set(key, Long.valueOf(value));
    }

    /** As {@link #set(CefKey, Object)}. */
    public Builder set(CefKey<Double> key, double value) {
      return set(key, Double.valueOf(value));
    }

    /** Sets {@code cs1} to {@code cs6}, with its label. */
    public Builder customString(int number, String label, String value) {
      return labelled("cs", number, 6, label, value);
    }

    /** Sets {@code cn1} to {@code cn3}, with its label. */
    public Builder customNumber(int number, String label, long value) {
      return labelled("cn", number, 3, label, value);
    }

    /** Sets {@code cfp1} to {@code cfp4}, with its label. */
    public Builder customFloat(int number, String label, double value) {
      return labelled("cfp", number, 4, label, value);
    }

    /** Sets {@code c6a1} to {@code c6a4}, with its label, to an IPv6 address. */
    public Builder customIpv6(int number, String label, InetAddress value) {
      return labelled("c6a", number, 4, label, value);
    }

    /** Sets {@code deviceCustomDate1} or {@code 2}, with its label. */
    public Builder customDate(int number, String label, Instant value) {
      return labelled("deviceCustomDate", number, 2, label, value);
    }

    /** Sets {@code flexString1} or {@code 2}, which belong to the customer, with its label. */
    public Builder flexString(int number, String label, String value) {
      return labelled("flexString", number, 2, label, value);
    }

    /** Sets {@code flexNumber1} or {@code 2}, which belong to the customer, with its label. */
    public Builder flexNumber(int number, String label, long value) {
      return labelled("flexNumber", number, 2, label, value);
    }

    /** Sets {@code flexDate1}, which belongs to the customer, with its label. */
    public Builder flexDate(String label, Instant value) {
      return labelled("flexDate", 1, 1, label, value);
    }

    private Builder labelled(String kind, int number, int last, String label, Object value) {
      if (number < 1 || number > last) {
        throw new IllegalArgumentException(kind + number + ": there are " + kind + "1 to " + last);
      }
      if (label.isBlank()) {
        throw new IllegalArgumentException(kind + number + " needs a label that says what it is");
      }
      String key = kind + number;
      String text = CefKeys.find(key).orElseThrow().write(value);
      return put(key + "Label", label).put(key, text);
    }

    /**
     * Sets any key by name, for what the dictionary has no key for. A key of the dictionary takes
     * only values of its type.
     *
     * @throws IllegalArgumentException if the key is not a letter, digit or underscore followed by
     *     more of them, dots, hyphens and brackets (255 in all), or the value is of another type
     */
    public Builder extra(String key, String value) {
      if (!Text.isKey(key)) {
        throw new IllegalArgumentException(
            "extension key \""
                + Text.header(key)
                + "\": may have letters, digits and _ . - [ ], and begins with one of the former");
      }
      CefKeys.find(key).ifPresent(known -> checkKnown(known, value));
      return put(key, value);
    }

    private void checkKnown(CefKey<?> known, String value) {
      checkAudience(known);
      try {
        known.read(value.strip());
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            known + "=" + Text.header(value) + ": must be of type " + known.type(), e);
      }
    }

    private void checkAudience(CefKey<?> key) {
      if (key.audience() == CefKey.Audience.CONSUMER && !consumer) {
        throw new IllegalArgumentException(
            key + " is set by consumers, not by who makes the event; if you collect: asConsumer()");
      }
    }

    private static void checkUnlabelled(CefKey<?> key) {
      if (key.isLabelled() || key.isLabel()) {
        throw new IllegalArgumentException(
            key + " goes with its label: use custom... or flex... to set both");
      }
    }

    /** Sets what the caller knows to be a key. */
    Builder put(String key, String value) {
      String text = Text.value(value).strip();
      int max = CefKeys.find(key).map(known -> known.maxLength().orElse(0)).orElse(0);
      extensions.put(key, max == 0 ? text : Text.cut(text, max));
      return this;
    }

    /**
     * The event.
     *
     * @throws IllegalArgumentException if a custom key was set without its label
     */
    public CefEvent build() {
      for (String key : extensions.keySet()) {
        boolean labelled = CefKeys.find(key).filter(CefKey::isLabelled).isPresent();
        if (labelled && !extensions.containsKey(key + "Label")) {
          throw new IllegalArgumentException(
              key + " has no label: set " + key + "Label, which says what it is");
        }
      }
      return buildUnchecked();
    }

    /** Without the labels that others may have left out. */
    CefEvent buildUnchecked() {
      return new CefEvent(device, signature, name, severity, extensions);
    }
  }
}

package io.restpipe.cef;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events as text: one line of UTF-8 without its end. The same event gives the same bytes.
 * Immutable; any number of threads may share one. {@link #format(CefEvent, byte[], int)} makes no
 * object.
 *
 * <p>An event longer than the limit loses whole extensions: they are added smallest first, a value
 * counting with its label, until one does not fit. What is left keeps its order. The names of those
 * left out go to this class' log as a warning, once a minute at most. If even the header is too
 * long, its name and then its signature are shortened.
 */
public final class CefFormatter {

  /** What a formatter keeps records to if nothing else is said. */
  public static final int DEFAULT_MAX_BYTES = 8192;

  /** The least limit there can be. */
  public static final int LEAST_MAX_BYTES = 512;

  /** The largest. */
  public static final int LARGEST_MAX_BYTES = 1 << 20;

  static final CefFormatter WHOLE = builder().maxBytes(LARGEST_MAX_BYTES).build();

  private static final Logger LOG = LoggerFactory.getLogger(CefFormatter.class);

  private final int version;
  private final CefTimeFormat times;
  private final ZoneId zone;
  private final int maxBytes;
  private final Warning warning = new Warning();

  private CefFormatter(Builder builder) {
    this.version = builder.version;
    this.times = builder.times;
    this.zone = builder.zone;
    this.maxBytes = builder.maxBytes;
  }

  /** Begins a formatter: version 0, times as milliseconds, at most 8,192 bytes. */
  public static Builder builder() {
    return new Builder();
  }

  Builder toBuilder() {
    return builder().version(version).times(times, zone).maxBytes(maxBytes);
  }

  /** How long a record may be: a buffer of this size is always long enough. */
  public int maxBytes() {
    return maxBytes;
  }

  /** The event as text. */
  public String format(CefEvent event) {
    byte[] bytes = bytes(event);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The event as UTF-8, in an array of its own. */
  public byte[] bytes(CefEvent event) {
    byte[] out = new byte[Math.min(length(event), maxBytes)];
    int end = format(event, out, 0);
    return end == out.length ? out : Arrays.copyOf(out, end);
  }

  /**
   * Writes the event into a buffer with room for {@link #maxBytes} bytes from there.
   *
   * @return where it ended
   */
  public int format(CefEvent event, byte[] out, int offset) {
    int length = length(event);
    if (length > maxBytes) {
      return formatWhatFits(event, out, offset);
    }
    int at = header(event, out, offset);
    for (int i = 0; i < event.size(); i++) {
      if (i > 0) {
        out[at++] = ' ';
      }
      at = extension(event, i, out, at);
    }
    return at;
  }

  private int length(CefEvent event) {
    int length = event.headerLength();
    for (int i = 0; i < event.size(); i++) {
      length += length(event, i) + (i == 0 ? 0 : 1);
    }
    return length;
  }

  private int length(CefEvent event, int i) {
    int value = isDate(event, i) ? times.length(offset(millis(event, i))) : event.valueLength(i);
    return event.key(i).length() + 1 + value;
  }

  private boolean isDate(CefEvent event, int i) {
    return times != CefTimeFormat.EPOCH_MILLIS && event.isTime(i);
  }

  private int header(CefEvent event, byte[] out, int start) {
    int at = Bytes.ascii(version == 0 ? "CEF:0|" : "CEF:1|", out, start);
    at = field(event.device().vendor(), out, at);
    at = field(event.device().product(), out, at);
    at = field(event.device().version(), out, at);
    at = field(event.signature(), out, at);
    at = field(event.name(), out, at);
    return field(event.severity().toString(), out, at);
  }

  private static int field(String text, byte[] out, int start) {
    int at = Escape.HEADER.write(text, -1, out, start);
    out[at] = '|';
    return at + 1;
  }

  private int extension(CefEvent event, int i, byte[] out, int start) {
    int at = Bytes.ascii(event.key(i), out, start);
    out[at++] = '=';
    if (isDate(event, i)) {
      long millis = millis(event, i);
      return times.write(millis, offset(millis), out, at);
    }
    return Escape.VALUE.write(event.value(i), event.valueLength(i), out, at);
  }

  private static long millis(CefEvent event, int i) {
    return Long.parseLong(event.value(i));
  }

  private ZoneOffset offset(long millis) {
    return zone instanceof ZoneOffset fixed
        ? fixed
        : zone.getRules().getOffset(Instant.ofEpochMilli(millis));
  }

  private int formatWhatFits(CefEvent whole, byte[] out, int offset) {
    CefEvent event = whole.headerLength() > maxBytes ? shortened(whole) : whole;
    boolean[] chosen = choose(event);
    int at = header(event, out, offset);
    int first = at;
    for (int i = 0; i < event.size(); i++) {
      if (chosen[i]) {
        if (at > first) {
          out[at++] = ' ';
        }
        at = extension(event, i, out, at);
      }
    }
    warn(event, chosen);
    return at;
  }

  /** Signature and name share what the device leaves of the limit; the name gives way first. */
  private CefEvent shortened(CefEvent whole) {
    CefEvent event = whole.withinStandard();
    int name = Escape.HEADER.length(event.name());
    int signature = Escape.HEADER.length(event.signature());
    int room = maxBytes - (event.headerLength() - name - signature);
    String shortSignature = Escape.HEADER.fit(event.signature(), Math.max(room / 2, room - name));
    int left = room - Escape.HEADER.length(shortSignature);
    return event.named(shortSignature, Escape.HEADER.fit(event.name(), left));
  }

  private boolean[] choose(CefEvent event) {
    var partners = new int[event.size()];
    for (int i = 0; i < partners.length; i++) {
      partners[i] = partner(event, i);
    }
    boolean[] chosen = new boolean[partners.length];
    int left = maxBytes - event.headerLength();
    for (int i : smallestFirst(event, partners)) {
      int length = lengthWithPartner(event, i, partners[i]);
      if (!chosen[i] && length <= left + 1) {
        chosen[i] = true;
        chosen[partners[i]] = true;
        left -= length;
      }
    }
    return chosen;
  }

  private int[] smallestFirst(CefEvent event, int[] partners) {
    return IntStream.range(0, partners.length)
        .boxed()
        .sorted(Comparator.comparingInt(i -> lengthWithPartner(event, i, partners[i])))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** With the blank before each; the first of all has none, which is the one byte more above. */
  private int lengthWithPartner(CefEvent event, int i, int partner) {
    int length = length(event, i) + 1;
    return partner == i ? length : length + length(event, partner) + 1;
  }

  /** The label of a value, the value of a label, or itself. */
  private static int partner(CefEvent event, int at) {
    String key = event.key(at);
    String other =
        key.endsWith("Label") ? key.substring(0, key.length() - "Label".length()) : key + "Label";
    for (int i = 0; i < event.size(); i++) {
      if (event.key(i).equals(other)) {
        return i;
      }
    }
    return at;
  }

  private void warn(CefEvent event, boolean[] chosen) {
    if (warning.isDue()) {
      String[] dropped =
          IntStream.range(0, chosen.length)
              .filter(i -> !chosen[i])
              .mapToObj(event::key)
              .toArray(String[]::new);
      LOG.warn(
          "event {} is longer than {} bytes and was logged without {}: allow longer records",
          event.signature(),
          maxBytes,
          Arrays.toString(dropped));
    }
  }

  /** Makes a formatter. */
  public static final class Builder {

    private int version;
    private CefTimeFormat times = CefTimeFormat.EPOCH_MILLIS;
    private ZoneId zone = ZoneOffset.UTC;
    private int maxBytes = DEFAULT_MAX_BYTES;

    private Builder() {}

    /**
     * 0 (the default) for version 0.1 of the standard, 1 for 1.0 and later.
     *
     * @throws IllegalArgumentException if it is another
     */
    public Builder version(int version) {
      if (version != 0 && version != 1) {
        throw new IllegalArgumentException("CEF version " + version + ": must be 0 or 1");
      }
      this.version = version;
      return this;
    }

    /** How times are written, and in which zone; by default milliseconds, which have none. */
    public Builder times(CefTimeFormat times, ZoneId zone) {
      this.times = times;
      this.zone = zone.normalized();
      return this;
    }

    /**
     * How long a record may be, 8,192 bytes by default.
     *
     * @throws IllegalArgumentException if it is not 512 to 1,048,576
     */
    public Builder maxBytes(int maxBytes) {
      if (maxBytes < LEAST_MAX_BYTES || maxBytes > LARGEST_MAX_BYTES) {
        throw new IllegalArgumentException(
            "record limit "
                + maxBytes
                + ": must be "
                + LEAST_MAX_BYTES
                + " to "
                + LARGEST_MAX_BYTES
                + " bytes");
      }
      this.maxBytes = maxBytes;
      return this;
    }

    public CefFormatter build() {
      return new CefFormatter(this);
    }
  }
}

package io.restpipe.config;

import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The types that settings have. */
public final class Types {

  private static final int LAST_PORT = 65535;
  private static final Set<String> YES = Set.of("1", "true", "yes", "on");
  private static final Set<String> NO = Set.of("0", "false", "no", "off");
  private static final Pattern DECIMAL = Pattern.compile("-?\\d{1,100}(\\.\\d{1,100})?");
  private static final Pattern CLASS_NAME =
      Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*(\\.[\\p{L}_$][\\p{L}\\p{N}_$]*)*");
  private static final String IPV6 = "[0-9a-fA-F.]*:[0-9a-fA-F.]*:[0-9a-fA-F:.]*(%\\w+)?";
  private static final Pattern HOST =
      Pattern.compile("[^\\s/:\\[\\]]+|" + IPV6 + "|\\[" + IPV6 + "]");

  private Types() {}

  /** Any text, and what it is called in help and manual. */
  public static SettingType<String> text(String label) {
    return SettingType.of(label, text -> text);
  }

  /** A host name or IP address. */
  public static SettingType<String> host() {
    return SettingType.of("HOST", Types::host);
  }

  /** A TCP or UDP port; 0 lets the system choose one. */
  public static SettingType<Integer> port() {
    return SettingType.of("PORT", text -> port(text, 0));
  }

  /** A port that somebody else listens on. */
  public static SettingType<Integer> targetPort() {
    return SettingType.of("PORT", text -> port(text, 1));
  }

  /** As another type, where empty means none. */
  public static <T> SettingType<Optional<T>> optional(SettingType<T> type) {
    return SettingType.ofMaybeEmpty(
        type.label(), text -> text.isEmpty() ? Optional.empty() : Optional.of(type.parse(text)));
  }

  /** {@code HOST:PORT} or {@code unix:PATH}. */
  public static SettingType<Endpoint> endpoint() {
    return SettingType.relative("HOST:PORT|unix:PATH", EndpointText::parse);
  }

  /** Yes or no. */
  public static SettingType<Boolean> bool() {
    return SettingType.of("BOOL", Types::bool);
  }

  /** A duration such as {@code 5s}, {@code 2m30s} or {@code 250ms}; without a unit, seconds. */
  public static SettingType<Duration> duration() {
    return SettingType.of("DURATION", Durations::parse);
  }

  /** A duration with bounds; without a unit, seconds. */
  public static SettingType<Duration> seconds(Duration atLeast, Duration atMost) {
    return SettingType.of("DURATION", text -> seconds(text, atLeast, atMost));
  }

  /** A number of bytes such as {@code 16KiB} or {@code 4MB}. */
  public static SettingType<DataSize> size() {
    return SettingType.of("SIZE", DataSize::parse);
  }

  /** A whole number with bounds, both included. */
  public static SettingType<Integer> integer(int atLeast, int atMost) {
    return SettingType.of("NUMBER", text -> (int) wholeNumber(text, atLeast, atMost));
  }

  /** A whole number with bounds, both included. */
  public static SettingType<Long> wholeNumber(long atLeast, long atMost) {
    return SettingType.of("NUMBER", text -> wholeNumber(text, atLeast, atMost));
  }

  static SettingType<BigDecimal> bigDecimal() {
    return SettingType.of("NUMBER", Types::decimal);
  }

  static SettingType<Double> decimal() {
    return SettingType.of("NUMBER", text -> decimal(text).doubleValue());
  }

  /** A TCP port on a host. */
  public static SettingType<Endpoint.Tcp> hostAndPort() {
    return SettingType.of("HOST:PORT", Endpoint.Tcp::parse);
  }

  /** One of the constants, in upper or lower case; {@code -} and {@code _} are the same. */
  public static <E extends Enum<E>> SettingType<E> oneOf(Class<E> constants) {
    return SettingType.of("WORD", text -> oneOf(constants, text));
  }

  /** A text that is never printed. */
  public static SettingType<Secret> secret() {
    return SettingType.<Secret>of("SECRET", Secret::new).kept();
  }

  /** A list: one item a line, or parted by commas on a line of its own; empty if there is none. */
  public static <T> SettingType<List<T>> list(SettingType<T> item) {
    SettingType<List<T>> list =
        SettingType.relative(
            item.label() + ",...",
            (text, folder) ->
                items(text).stream().<T>map(part -> item.parse(part, folder)).toList());
    return (item.isSecret() ? list.kept() : list).acceptingList().acceptingEmpty();
  }

  /** Words parted by commas, or one a line. */
  public static SettingType<List<String>> words() {
    return SettingType.<List<String>>of("NAME,...", Types::words).acceptingList();
  }

  /** A file or folder; in a file, relative to the folder that this is in. */
  public static SettingType<Path> path() {
    return SettingType.relative("PATH", Types::path);
  }

  /** As {@link #path}, or one of these words, in any case, which is then given in small letters. */
  public static SettingType<String> pathOr(String... words) {
    List<String> all = List.of(words);
    return SettingType.relative(
        all.isEmpty() ? "PATH" : String.join("|", all) + "|PATH",
        (text, folder) -> {
          String word = text.toLowerCase(Locale.ROOT);
          return all.contains(word) ? word : path(text, folder).toString();
        });
  }

  /** The name of a file, not a path to it. */
  public static SettingType<String> fileName() {
    return SettingType.of("FILENAME", Types::fileName);
  }

  /** The full name of a Java class. */
  public static SettingType<String> className() {
    return SettingType.of("CLASS", Types::className);
  }

  static String host(String text) {
    if (!HOST.matcher(text).matches()) {
      throw new IllegalArgumentException("must be a host name or an IP address");
    }
    return text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
  }

  static int port(String text, int least) {
    try {
      int port = Integer.parseInt(text);
      if (port >= least && port <= LAST_PORT) {
        return port;
      }
    } catch (NumberFormatException notANumber) {
      // Said below, as for a number out of range.
    }
    throw new IllegalArgumentException("must be " + least + " to " + LAST_PORT);
  }

  private static boolean bool(String text) {
    String word = text.toLowerCase(Locale.ROOT);
    if (YES.contains(word)) {
      return true;
    }
    if (NO.contains(word)) {
      return false;
    }
    throw new IllegalArgumentException("must be 1, true, yes or on, or 0, false, no or off");
  }

  private static long wholeNumber(String text, long least, long most) {
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // Said below, as for a number out of range.
    }
    throw new IllegalArgumentException("must be a whole number, " + least + " to " + most);
  }

  private static BigDecimal decimal(String text) {
    if (!DECIMAL.matcher(text).matches()) {
      throw new IllegalArgumentException("must be a number such as 2 or 0.5");
    }
    return new BigDecimal(text);
  }

  private static <E extends Enum<E>> E oneOf(Class<E> constants, String text) {
    for (E constant : constants.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(text.replace('-', '_'))) {
        return constant;
      }
    }
    throw new IllegalArgumentException(
        "must be one of "
            + Stream.of(constants.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", ")));
  }

  private static Duration seconds(String text, Duration atLeast, Duration atMost) {
    try {
      Duration duration = Durations.parse(text);
      if (duration.compareTo(atLeast) >= 0 && duration.compareTo(atMost) <= 0) {
        return duration;
      }
    } catch (IllegalArgumentException notADuration) {
      // Said below, as for a duration out of range.
    }
    throw new IllegalArgumentException(
        "must be "
            + Durations.text(atLeast)
            + " to "
            + Durations.text(atMost)
            + ", such as 5s, 2m30s or 500ms; without a unit, seconds");
  }

  private static List<String> items(String text) {
    if (text.isEmpty()) {
      return List.of();
    }
    return text.indexOf('\n') >= 0 ? text.lines().map(String::strip).toList() : words(text);
  }

  private static List<String> words(String text) {
    List<String> words = Stream.of(text.split("[,\n]", -1)).map(String::strip).toList();
    if (words.contains("")) {
      throw new IllegalArgumentException("must be words parted by commas, none of them empty");
    }
    return words;
  }

  static Path path(String text, @Nullable Path folder) {
    try {
      return folder == null ? Path.of(text) : folder.resolve(text);
    } catch (InvalidPathException invalid) {
      throw new IllegalArgumentException("must be a path: " + invalid.getReason(), invalid);
    }
  }

  private static String fileName(String text) {
    if (text.indexOf('/') >= 0
        || text.indexOf('\0') >= 0
        || text.equals(".")
        || text.equals("..")) {
      throw new IllegalArgumentException("must be the name of a file, without a folder");
    }
    return text;
  }

  private static String className(String text) {
    if (!CLASS_NAME.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "must be the full name of a class, such as com.example.MyHandler");
    }
    return text;
  }
}

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
import java.util.stream.Stream;

/** The types that settings have. */
public final class Types {

  private static final int LAST_PORT = 65535;
  private static final Set<String> YES = Set.of("1", "true", "yes", "on");
  private static final Set<String> NO = Set.of("0", "false", "no", "off");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");
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
    return SettingType.of("HOST:PORT|unix:PATH", Endpoint::parse);
  }

  /** Yes or no. */
  public static SettingType<Boolean> bool() {
    return SettingType.of("BOOL", Types::bool);
  }

  /** A duration in seconds, with a fraction where wanted. */
  public static SettingType<Duration> seconds(Duration atLeast, Duration atMost) {
    return SettingType.of("SECONDS", text -> seconds(text, atLeast, atMost));
  }

  /** Words parted by commas. */
  public static SettingType<List<String>> words() {
    return SettingType.of("NAME,...", Types::words);
  }

  /** A file or folder. */
  public static SettingType<Path> path() {
    return SettingType.of("PATH", Types::path);
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

  private static Duration seconds(String text, Duration atLeast, Duration atMost) {
    if (NUMBER.matcher(text).matches()) {
      Duration duration = Duration.ofNanos(new BigDecimal(text).movePointRight(9).longValueExact());
      if (duration.compareTo(atLeast) >= 0 && duration.compareTo(atMost) <= 0) {
        return duration;
      }
    }
    throw new IllegalArgumentException(
        "must be "
            + written(atLeast)
            + " to "
            + written(atMost)
            + ", a number of seconds such as 5 or 2.5");
  }

  private static String written(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString();
  }

  private static List<String> words(String text) {
    List<String> words = Stream.of(text.split(",", -1)).map(String::strip).toList();
    if (words.contains("")) {
      throw new IllegalArgumentException("must be words parted by commas, none of them empty");
    }
    return words;
  }

  static Path path(String text) {
    try {
      return Path.of(text);
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

package io.restpipe.cef;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.regex.Pattern;

/** Between the types of the dictionary and the text of an extension. */
final class Values {

  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}");
  private static final Pattern IPV6 =
      Pattern.compile("([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)(?:%[\\w.-]+)?");
  private static final Pattern MAC = Pattern.compile("\\p{XDigit}{2}(:\\p{XDigit}{2}){5}");
  private static final int SHORT_GROUPS = 2;

  private Values() {}

  static String write(CefKey<?> key, Object value) {
    return switch (key.type()) {
      case STRING -> (String) value;
      case INTEGER, LONG -> number(key, (Long) value);
      case DOUBLE -> fraction(key, (Double) value);
      case ADDRESS, IPV4 -> address((InetAddress) value);
      case IPV6 -> ipv6(key, (InetAddress) value);
      case MAC -> mac(key, (String) value);
      case TIMESTAMP -> millis(key, (Instant) value);
    };
  }

  static String number(CefKey<?> key, long value) {
    boolean port = key.name().endsWith("pt") || key.name().endsWith("Port");
    if (port && (value < 0 || value > 65_535)) {
      throw wrong(key, value, "must be a port, 0 to 65535");
    }
    if (key.type() == CefType.INTEGER && (value < Integer.MIN_VALUE || value > Integer.MAX_VALUE)) {
      throw wrong(key, value, "must fit 32 bits");
    }
    return Long.toString(value);
  }

  private static String fraction(CefKey<?> key, double value) {
    if (!Double.isFinite(value)) {
      throw wrong(key, value, "must be finite");
    }
    return Double.toString(value);
  }

  private static String ipv6(CefKey<?> key, InetAddress value) {
    if (!(value instanceof Inet6Address)) {
      throw wrong(key, value.getHostAddress(), "must be an IPv6 address");
    }
    return address(value);
  }

  private static String mac(CefKey<?> key, String value) {
    if (!MAC.matcher(value).matches()) {
      throw wrong(key, value, "must be six hexadecimal pairs with colons");
    }
    return value;
  }

  private static String millis(CefKey<?> key, Instant value) {
    if (value.isBefore(Instant.EPOCH) || !value.isBefore(CefTimeFormat.END)) {
      throw wrong(key, value, "must be in the years 1970 to 9999");
    }
    return Long.toString(value.toEpochMilli());
  }

  private static IllegalArgumentException wrong(CefKey<?> key, Object value, String rule) {
    return new IllegalArgumentException(key + "=" + Text.header(value.toString()) + ": " + rule);
  }

  /**
   * @throws IllegalArgumentException if the text is no such value
   */
  static Object read(CefType type, String text) {
    return switch (type) {
      case STRING -> text;
      case MAC -> text.strip();
      case INTEGER, LONG -> Long.valueOf(text.strip());
      case DOUBLE -> Double.valueOf(text.strip());
      case ADDRESS, IPV4, IPV6 -> address(text.strip());
      case TIMESTAMP -> CefTimeFormat.parse(text, ZoneOffset.UTC, Instant.now());
    };
  }

  /**
   * Reads what another producer wrote: all but text may stand in quotes, and times have the forms
   * of {@link ForeignTime}.
   *
   * @param zone of times that name none
   * @throws IllegalArgumentException if the text is no such value
   */
  static Object readForeign(CefType type, String text, ZoneId zone) {
    if (type == CefType.STRING) {
      return text;
    }
    String value = unquoted(text.strip());
    return type == CefType.TIMESTAMP
        ? ForeignTime.read(value, zone, Instant.now())
        : read(type, value);
  }

  private static String unquoted(String text) {
    boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
    return quoted ? text.substring(1, text.length() - 1).strip() : text;
  }

  static boolean isAddress(String text) {
    return IPV4.matcher(text).matches() || IPV6.matcher(text).matches();
  }

  private static InetAddress address(String text) {
    if (isAddress(text)) {
      try {
        // A scope is an interface of the machine that wrote it, which this one may not have.
        return InetAddress.getByName(IPV6.matcher(text).replaceFirst("$1"));
      } catch (UnknownHostException e) {
        throw new IllegalArgumentException("\"" + text + "\" is no IP address", e);
      }
    }
    throw new IllegalArgumentException("\"" + text + "\" is no IP address");
  }

  /** An address as people write it: no scope, and IPv6 as RFC 5952 wants it. */
  static String address(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return address.getHostAddress();
    }
    int[] groups = groups(address.getAddress());
    int[] zeros = longestZeros(groups);
    var text = new StringBuilder();
    for (int i = 0; i < groups.length; i++) {
      if (i == zeros[0]) {
        text.append("::");
        i += zeros[1] - 1;
      } else {
        if (i > 0 && text.charAt(text.length() - 1) != ':') {
          text.append(':');
        }
        text.append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }

  private static int[] groups(byte[] bytes) {
    int[] groups = new int[bytes.length / 2];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
    }
    return groups;
  }

  /** Where the first longest run of at least two zero groups begins, and its length. */
  private static int[] longestZeros(int[] groups) {
    int start = -1;
    int length = SHORT_GROUPS - 1;
    for (int i = 0; i < groups.length; i++) {
      int end = i;
      while (end < groups.length && groups[end] == 0) {
        end++;
      }
      if (end - i > length) {
        start = i;
        length = end - i;
      }
      i = Math.max(i, end);
    }
    return new int[] {start, length};
  }
}

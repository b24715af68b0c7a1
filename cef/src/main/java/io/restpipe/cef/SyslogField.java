package io.restpipe.cef;

/** Fields of a syslog header: printable ASCII without blanks, never empty. */
final class SyslogField {

  static final int MAX_HOST = 255;
  static final int MAX_APPLICATION = 48;

  private SyslogField() {}

  static String of(String text, int max) {
    var field = new StringBuilder();
    for (int i = 0; i < text.length() && field.length() < max; i++) {
      char c = text.charAt(i);
      field.append(c > ' ' && c < 0x7f ? c : '_');
    }
    return field.isEmpty() ? "-" : field.toString();
  }
}

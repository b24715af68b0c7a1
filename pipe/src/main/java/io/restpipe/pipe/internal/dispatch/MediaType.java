package io.restpipe.pipe.internal.dispatch;

import io.restpipe.event.Event;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;

/** Reads media types (RFC 9110 section 8.3). */
final class MediaType {

  static final String JSON = "application/json";
  static final String BYTES = "application/octet-stream";

  private MediaType() {}

  /** Without parameters. */
  static String bare(String mediaType) {
    int semicolon = mediaType.indexOf(';');
    return (semicolon < 0 ? mediaType : mediaType.substring(0, semicolon)).strip();
  }

  static boolean isJson(String mediaType) {
    if (mediaType.equals(JSON)) {
      return true;
    }
    String bare = bare(mediaType).toLowerCase(Locale.ROOT);
    return bare.equals(JSON) || bare.endsWith("+json");
  }

  /**
   * The charset of an event's body: from its Content-Type, else from its media type, else UTF-8.
   */
  static Charset charset(Event event) {
    return charset(event.headers().first("Content-Type").orElse(event.mimeType()));
  }

  /**
   * The charset that a media type names, UTF-8 where it names none.
   *
   * @throws IllegalArgumentException if this JDK does not know it
   */
  static Charset charset(String mediaType) {
    int parameters = mediaType.indexOf(';');
    if (parameters < 0) {
      return StandardCharsets.UTF_8;
    }
    for (String parameter : mediaType.substring(parameters + 1).split(";", -1)) {
      int equals = parameter.indexOf('=');
      if (equals > 0 && parameter.substring(0, equals).strip().equalsIgnoreCase("charset")) {
        return named(parameter.substring(equals + 1).strip().replace("\"", ""));
      }
    }
    return StandardCharsets.UTF_8;
  }

  private static Charset named(String name) {
    try {
      return Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
      throw new IllegalArgumentException("charset is not known: " + name, unknown);
    }
  }
}

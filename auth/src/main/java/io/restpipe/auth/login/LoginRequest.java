package io.restpipe.auth.login;

import io.restpipe.auth.internal.StrictJson;
import io.restpipe.auth.internal.StrictJson.JsonException;
import io.restpipe.config.Secret;
import io.restpipe.event.Body;
import io.restpipe.security.HttpEndpoint.Request;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a request to log in says: in JSON, in a form, or by Basic authentication (RFC 7617). A query
 * counts only where it is asked for, for what is in it gets into logs.
 */
final class LoginRequest {

  private static final String BASIC = "basic ";
  private static final int MOST_FIELDS = 20;

  private final Map<String, String> fields;
  private final boolean isBasic;

  private LoginRequest(Map<String, String> fields, boolean isBasic) {
    this.fields = fields;
    this.isBasic = isBasic;
  }

  /** The request can't be understood; the message is for the caller. */
  static final class BadRequestException extends Exception {

    private static final long serialVersionUID = 1L;
    private final int status;

    BadRequestException(int status, String message) {
      super(message);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  static LoginRequest of(Request request, boolean withQuery) throws BadRequestException {
    Map<String, String> fields = new HashMap<>();
    if (withQuery) {
      form(request.query(), fields);
    }
    String authorization = request.credentials().authorization().orElse("");
    boolean isBasic = authorization.toLowerCase(Locale.ROOT).startsWith(BASIC);
    if (!request.body().isEmpty()) {
      body(request, fields);
    }
    if (isBasic) {
      basic(authorization.substring(BASIC.length()).strip(), fields);
    }
    return new LoginRequest(fields, isBasic);
  }

  private static void body(Request request, Map<String, String> fields) throws BadRequestException {
    String type = request.headers().first("Content-Type").orElse("").split(";", -1)[0].strip();
    switch (type.toLowerCase(Locale.ROOT)) {
      case "application/json" -> json(bytes(request.body()), fields);
      case "application/x-www-form-urlencoded" -> form(request.text(), fields);
      default ->
          throw new BadRequestException(
              415, "send application/json or application/x-www-form-urlencoded");
    }
  }

  private static byte[] bytes(Body body) {
    ByteBuffer whole = Objects.requireNonNull(body.whole());
    byte[] bytes = new byte[whole.remaining()];
    whole.get(bytes);
    return bytes;
  }

  private static void json(byte[] body, Map<String, String> fields) throws BadRequestException {
    try {
      for (Map.Entry<String, @Nullable Object> entry : StrictJson.object(body).entrySet()) {
        Object value = entry.getValue();
        if (value instanceof String || value instanceof Boolean) {
          fields.put(entry.getKey(), value.toString());
        }
      }
    } catch (JsonException wrong) {
      throw new BadRequestException(400, "the body " + wrong.getMessage());
    }
  }

  private static void form(String text, Map<String, String> fields) throws BadRequestException {
    if (text.isEmpty()) {
      return;
    }
    String[] pairs = text.split("&", -1);
    if (pairs.length > MOST_FIELDS) {
      throw new BadRequestException(400, "there are more than " + MOST_FIELDS + " fields");
    }
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      fields.put(name, equals < 0 ? "" : decode(pair.substring(equals + 1)));
    }
  }

  private static String decode(String text) throws BadRequestException {
    try {
      return java.net.URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new BadRequestException(400, "a percent sign is not followed by two digits");
    }
  }

  private static void basic(String base64, Map<String, String> fields) throws BadRequestException {
    BasicCredentials credentials =
        BasicCredentials.decode(base64)
            .orElseThrow(
                () -> new BadRequestException(400, "the Authorization header is no Basic one"));
    fields.put("username", credentials.user());
    fields.put("password", credentials.password().reveal());
  }

  /** A name and a password as Basic has them. */
  record BasicCredentials(String user, Secret password) {

    static Optional<BasicCredentials> decode(String base64) {
      try {
        String text = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        int colon = text.indexOf(':');
        return colon < 0
            ? Optional.empty()
            : Optional.of(
                new BasicCredentials(
                    text.substring(0, colon), new Secret(text.substring(colon + 1))));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
  }

  boolean isBasic() {
    return isBasic;
  }

  Optional<String> field(String name) {
    return Optional.ofNullable(fields.get(name)).filter(value -> !value.isEmpty());
  }

  boolean isSet(String name) {
    String value = fields.getOrDefault(name, "").toLowerCase(Locale.ROOT);
    return value.equals("true") || value.equals("1") || value.equals("yes") || value.equals("on");
  }

  /** Who it is said to be: a name, or an e-mail address. */
  Optional<String> login() {
    return field("username")
        .or(() -> field("user"))
        .or(() -> field("nickname"))
        .or(() -> field("email"));
  }

  Optional<Secret> password() {
    return field("password").map(Secret::new);
  }

  /** Not what it says. */
  @Override
  public String toString() {
    return "login request";
  }
}

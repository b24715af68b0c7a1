package io.restpipe.auth.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON from outside: an object in UTF-8 without duplicate keys, without anything after it, at most
 * {@value #MAX_DEPTH} levels deep (RFC 8259, RFC 8725 section 3). Numbers become Long, BigInteger
 * or Double; null is kept.
 */
public final class StrictJson {

  /** How deep objects and arrays may be nested. */
  public static final int MAX_DEPTH = 16;

  private static final int MAX_NUMBER = 100;
  private static final int MAX_NAME = 1024;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER)
                  .maxNameLength(MAX_NAME)
                  .build())
          .build();

  private StrictJson() {}

  /** The bytes are no such object. The message says what is wrong, not what was in them. */
  public static final class JsonException extends Exception {

    private static final long serialVersionUID = 1L;

    JsonException(String message) {
      super(message);
    }
  }

  /**
   * Reads an object.
   *
   * @throws JsonException if it is none
   */
  public static Map<String, @Nullable Object> object(byte[] utf8) throws JsonException {
    return object(decode(utf8));
  }

  /**
   * Reads an object.
   *
   * @throws JsonException if it is none
   */
  public static Map<String, @Nullable Object> object(String text) throws JsonException {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new JsonException("is no JSON object");
      }
      Map<String, @Nullable Object> object = object(parser);
      if (parser.nextToken() != null) {
        throw new JsonException("goes on after the JSON object");
      }
      return object;
    } catch (JacksonException malformed) {
      throw new JsonException(reason(malformed));
    }
  }

  /** A parser's own message quotes the text, in which there may be a secret. */
  private static String reason(JacksonException malformed) {
    String message = String.valueOf(malformed.getOriginalMessage());
    if (message.startsWith("Duplicate")) {
      return "has a key twice";
    }
    return message.contains("exceeds the maximum")
        ? "is nested too deep or too long"
        : "is no JSON";
  }

  private static String decode(byte[] utf8) throws JsonException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException malformed) {
      throw new JsonException("is not UTF-8");
    }
  }

  private static Map<String, @Nullable Object> object(JsonParser parser) throws JsonException {
    var object = new LinkedHashMap<String, @Nullable Object>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      parser.nextToken();
      object.put(key, value(parser));
    }
    return Collections.unmodifiableMap(object);
  }

  private static List<@Nullable Object> array(JsonParser parser) throws JsonException {
    var array = new ArrayList<@Nullable Object>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(parser));
    }
    return Collections.unmodifiableList(array);
  }

  private static @Nullable Object value(JsonParser parser) throws JsonException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT -> integer(parser.getNumberValue());
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new JsonException("is no JSON");
    };
  }

  private static Number integer(Number number) {
    return number instanceof Integer small ? Long.valueOf(small) : number;
  }
}

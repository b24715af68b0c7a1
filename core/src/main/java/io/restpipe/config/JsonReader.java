package io.restpipe.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a JSON object: objects are sections, keys are parted by dots. The one class here that needs
 * Jackson, and it is only loaded for a file that ends in {@code .json}.
 */
final class JsonReader {

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(64).build())
          .build();

  private final Path file;
  private final Loading loading;
  private final Layer layer = new Layer();

  JsonReader(Path file, Loading loading) {
    this.file = file;
    this.loading = loading;
  }

  Layer read(String text) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        problem(parser.currentTokenLocation(), "must be a JSON object, { ... }");
        return layer;
      }
      object(parser, "");
      if (parser.nextToken() != null) {
        problem(parser.currentTokenLocation(), "must end after the object");
      }
    } catch (JacksonException malformed) {
      problem(malformed.getLocation(), "is no JSON: " + malformed.getOriginalMessage());
    }
    return layer;
  }

  private void object(JsonParser parser, String prefix) {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = prefix + parser.currentName();
      parser.nextToken();
      value(parser, key);
    }
  }

  private void value(JsonParser parser, String key) {
    int line = line(parser.currentTokenLocation());
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      layer.addSectionOf(key + ".");
      object(parser, key + ".");
    } else if (token == JsonToken.START_ARRAY) {
      array(parser, key, line);
    } else if (token != JsonToken.VALUE_NULL) {
      put(key, line, scalar(parser));
    }
  }

  /** Scalars are a list; where there is anything else, each item has its number as its key. */
  private void array(JsonParser parser, String key, int line) {
    var scalars = new ArrayList<Object>();
    boolean numbered = false;
    for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
      if (!numbered && parser.currentToken().isStructStart()) {
        numbered = true;
        number(scalars, key, line);
      }
      if (numbered) {
        value(parser, key + "." + i);
      } else {
        scalars.add(scalar(parser));
      }
    }
    if (!numbered) {
      put(key, line, List.copyOf(scalars));
    }
  }

  private void number(List<Object> scalars, String key, int line) {
    for (int i = 0; i < scalars.size(); i++) {
      put(key + "." + i, line, scalars.get(i));
    }
  }

  private static Object scalar(JsonParser parser) {
    return switch (parser.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
      case VALUE_NULL -> "";
      default -> parser.getString();
    };
  }

  private static Object integer(JsonParser parser) {
    return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        ? parser.getBigIntegerValue()
        : (Object) parser.getLongValue();
  }

  private void put(String key, int line, Object value) {
    layer.addSectionOf(key);
    layer.put(
        new ConfigValue(
            key, new Origin.File(file, line), new Content.Typed(value, IniReader.folderOf(file))));
  }

  private void problem(@Nullable TokenStreamLocation place, String sentence) {
    loading.problem(
        Problem.at(
            new Origin.File(file, place == null ? 1 : line(place)), Problem.printable(sentence)));
  }

  private static int line(TokenStreamLocation place) {
    return Math.max(1, place.getLineNr());
  }
}

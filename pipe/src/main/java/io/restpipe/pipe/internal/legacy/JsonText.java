package io.restpipe.pipe.internal.legacy;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/**
 * Whether bytes are JSON (RFC 8259), to a parser that dies of anything else: one value in UTF-8,
 * without a byte order mark, and not nested deeper than Python goes.
 */
final class JsonText {

  /** Compared exactly, as the peer does. */
  static final String MIME_TYPE = "application/json";

  private static final int MOST_NESTED = 200;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MOST_NESTED)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(1_000)
                  .build())
          .build();

  private JsonText() {}

  /** What is wrong, in a few words without any of the text itself; null if it is JSON. */
  static @Nullable String problem(ByteBuffer bytes) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString();
    } catch (CharacterCodingException malformed) {
      return "not UTF-8";
    }
    if (text.indexOf('\uFEFF') == 0) {
      return "begins with a byte order mark";
    }
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() == null) {
        return "empty";
      }
      parser.skipChildren();
      return parser.nextToken() == null ? null : "more than one value";
    } catch (JacksonException malformed) {
      TokenStreamLocation at = malformed.getLocation();
      return at == null
          ? "malformed"
          : "malformed at line " + at.getLineNr() + ", column " + at.getColumnNr();
    }
  }
}

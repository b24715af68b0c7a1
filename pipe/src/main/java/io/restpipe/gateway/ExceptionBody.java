package io.restpipe.gateway;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The body of a reply whose handler threw: {@code {"exception": {message, traceback, class}}}. */
final class ExceptionBody {

  /** The most bytes of such a body that are looked at. */
  static final int LIMIT = 1024 * 1024;

  private static final JsonMapper JSON = JsonMapper.shared();

  private static final String UNREADABLE =
      "{\"exception\": {\"message\": \"the handler failed; its node's log says how\","
          + " \"traceback\": \"\", \"class\": \"\"}}";

  private ExceptionBody() {}

  /** The body with its traceback emptied; where it cannot be read, nothing of it is shown. */
  static byte[] withoutTraceback(byte[] body) {
    try {
      JsonNode root = JSON.readTree(body);
      if (root.path("exception") instanceof ObjectNode exception) {
        exception.put("traceback", "");
        return JSON.writeValueAsBytes(root);
      }
    } catch (JacksonException notJson) {
      // The same as JSON of another form.
    }
    return unreadable();
  }

  static byte[] unreadable() {
    return UNREADABLE.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}

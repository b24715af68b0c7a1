package io.restpipe.pipe.internal.legacy;

import io.restpipe.event.ReturnCode;
import io.restpipe.pipe.PipeException;
import io.restpipe.pipe.internal.wire.V1Reply;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** What a peer of version 1 gets where there is no reply: it knows exceptions, and nothing else. */
final class V1Failure {

  private static final JsonMapper JSON = JsonMapper.shared();

  private V1Failure() {}

  /** Its callers read this as what a handler threw. */
  static V1Reply reply(String message) {
    var exception = new TreeMap<String, String>();
    exception.put("message", message);
    exception.put("traceback", "");
    exception.put("class", PipeException.class.getName());
    return new V1Reply(
        JsonText.MIME_TYPE,
        ReturnCode.EXCEPTION,
        ByteBuffer.wrap(JSON.writeValueAsBytes(Map.of("exception", exception))));
  }

  /** Byte for byte as a node of version 1 says that it has no such handler. */
  static V1Reply unhandled() {
    return new V1Reply("text/plain", ReturnCode.UNHANDLED, ByteBuffer.allocate(0));
  }
}

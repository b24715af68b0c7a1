package io.restpipe.examples.hello;

import io.restpipe.event.ClientEventHandler;
import java.util.Map;

/** What the server can ask its clients. */
public final class ClientAnswers extends ClientEventHandler {

  /** Answers {@code GET cat//ONE/TWO}: what stands behind the double slash are the parameters. */
  public Map<String, String> getCat(String one, String two) {
    return Map.of("result", one + two);
  }
}

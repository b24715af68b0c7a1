package io.restpipe.pipe.internal.dispatch;

import io.restpipe.event.Body;
import io.restpipe.event.Headers;
import io.restpipe.event.ParameterException;
import io.restpipe.event.Reply;
import io.restpipe.event.ReturnCode;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a caller gets for an exception. */
final class ExceptionReply {

  /** Says to the gateway what kind of exception it is. */
  static final String KIND = "X-Event-Error";

  private static final Headers PARAMETERS = Headers.of(KIND, "parameters");

  private static final int LONGEST_TRACEBACK = 64 * 1024;
  private static final int LONGEST_MESSAGE = 16 * 1024;

  private ExceptionReply() {}

  static Reply of(Throwable failure) {
    return of(failure, failure instanceof ParameterException ? PARAMETERS : Headers.empty());
  }

  static Reply of(Throwable failure, Headers headers) {
    var exception = new LinkedHashMap<String, String>();
    exception.put("message", cut(message(failure), LONGEST_MESSAGE));
    exception.put("traceback", traceback(failure));
    exception.put("class", failure.getClass().getName());
    byte[] json = Json.MAPPER.writeValueAsBytes(Map.of("exception", exception));
    return new Reply(ReturnCode.EXCEPTION, MediaType.JSON, headers, Body.of(json));
  }

  /** The exception's message, or its class where it has none. Never throws. */
  static String message(Throwable failure) {
    try {
      String message = failure.getMessage();
      return message == null ? failure.getClass().getName() : message;
    } catch (RuntimeException broken) {
      return failure.getClass().getName();
    }
  }

  private static String traceback(Throwable failure) {
    var text = new Bounded();
    try (var writer = new PrintWriter(text)) {
      failure.printStackTrace(writer);
    } catch (RuntimeException broken) {
      return failure.getClass().getName();
    }
    return text.toString();
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most) + "…";
  }

  /** Keeps the beginning; a cause chain or a message can be of any length. */
  private static final class Bounded extends Writer {

    private final StringBuilder text = new StringBuilder();

    @Override
    public void write(char[] chars, int offset, int length) {
      text.append(chars, offset, Math.min(length, LONGEST_TRACEBACK - text.length()));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    @Override
    public String toString() {
      return text.toString();
    }
  }
}

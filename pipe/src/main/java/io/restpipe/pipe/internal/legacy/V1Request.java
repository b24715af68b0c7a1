package io.restpipe.pipe.internal.legacy;

import io.restpipe.event.Event;
import io.restpipe.event.Verb;
import io.restpipe.pipe.PipeException;
import io.restpipe.pipe.PipeException.Reason;
import io.restpipe.pipe.internal.wire.V1Event;
import io.restpipe.pipe.internal.wire.V1Noun;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes of an event what a peer of version 1 can take, or says why there is no such thing. Query
 * and headers are left out, as that version always did.
 */
final class V1Request {

  /** A body that is larger is looked through elsewhere than on the event loop. */
  private static final int CHECKED_AT_ONCE = 32 * 1024;

  private V1Request() {}

  /**
   * Noun, parameters and verb as they are sent, without data yet.
   *
   * @throws PipeException with {@code BAD_EVENT}
   */
  static V1Event head(Event event) {
    if (event.verb() == Verb.OPTIONS) {
      throw new PipeException(
          Reason.BAD_EVENT, "OPTIONS cannot be carried by version 1 of the protocol");
    }
    if (event.relayTo().isPresent()) {
      throw new PipeException(
          Reason.BAD_EVENT,
          "a server of version 1 of the protocol cannot pass events on to other clients");
    }
    String noun;
    try {
      noun = new V1Noun(event.noun(), event.parameters()).join();
    } catch (IllegalArgumentException unfit) {
      throw new PipeException(Reason.BAD_EVENT, String.valueOf(unfit.getMessage()));
    }
    String mimeType = withoutParameters(event.mimeType());
    if (noun.length() + mimeType.length() > V1Settings.HEAD_BYTES / 4) {
      throw new PipeException(
          Reason.BAD_EVENT,
          "noun, parameters and media type together are too long for version 1 of the protocol: "
              + (noun.length() + mimeType.length())
              + " characters");
    }
    if (!encodable(noun) || !encodable(mimeType)) {
      throw new PipeException(Reason.BAD_EVENT, "noun or media type is not Unicode text");
    }
    // Its server ran a HEAD as the GET that it is but for its reply.
    Verb verb = event.verb() == Verb.HEAD ? Verb.GET : event.verb();
    return new V1Event(verb.lowerCase(), noun, mimeType, ByteBuffer.allocate(0));
  }

  private static boolean encodable(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  private static String withoutParameters(String mimeType) {
    int semicolon = mimeType.indexOf(';');
    return (semicolon < 0 ? mimeType : mimeType.substring(0, semicolon)).strip();
  }

  /**
   * Puts the data in.
   *
   * @param done gets the event or the reason why it cannot be sent, at once or on {@code checks}
   */
  static void complete(
      V1Event head,
      ByteBuffer data,
      Executor checks,
      BiConsumer<@Nullable V1Event, @Nullable PipeException> done) {
    boolean json = head.mimeType().equals(JsonText.MIME_TYPE);
    if (json && !data.hasRemaining()) {
      // The peer would parse it, and that kills it. Nothing needs no label.
      done.accept(new V1Event(head.verb(), head.noun(), "", data), null);
      return;
    }
    var event = new V1Event(head.verb(), head.noun(), head.mimeType(), data);
    if (!json) {
      done.accept(event, null);
    } else if (data.remaining() <= CHECKED_AT_ONCE) {
      check(event, done);
    } else {
      try {
        checks.execute(() -> check(event, done));
      } catch (RejectedExecutionException busy) {
        done.accept(
            null, new PipeException(Reason.OVERLOADED, "too many large bodies are checked now"));
      }
    }
  }

  private static void check(
      V1Event event, BiConsumer<@Nullable V1Event, @Nullable PipeException> done) {
    String problem = JsonText.problem(event.data());
    if (problem == null) {
      done.accept(event, null);
    } else {
      done.accept(
          null,
          new PipeException(
              Reason.BAD_EVENT,
              "the body is labelled application/json, but it is not JSON (" + problem + ")"));
    }
  }
}

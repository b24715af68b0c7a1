package io.restpipe.gateway;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What was read from a socket and not looked at yet: heads and pieces of bodies, in order. */
final class Arrived {

  private final ArrayDeque<Object> messages = new ArrayDeque<>();
  private int wholeRequests;

  void add(Object message) {
    messages.add(message);
    if (message instanceof LastHttpContent) {
      wholeRequests++;
    }
  }

  @Nullable Object poll() {
    Object message = messages.poll();
    if (message instanceof LastHttpContent) {
      wholeRequests--;
    }
    return message;
  }

  /** The next piece of a body, which stays here; null if there is none yet. */
  @Nullable HttpContent peekContent() {
    return messages.peek() instanceof HttpContent content ? content : null;
  }

  boolean isEmpty() {
    return messages.isEmpty();
  }

  /** Whether the end of the request whose head was polled last is here. */
  boolean hasWholeRequest() {
    return wholeRequests > 0;
  }

  void clear() {
    messages.forEach(ReferenceCountUtil::release);
    messages.clear();
    wholeRequests = 0;
  }
}

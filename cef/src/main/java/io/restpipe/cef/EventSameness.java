package io.restpipe.cef;

import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEvent.Field;
import io.restpipe.security.SecurityEventKind;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** What makes two events the same. */
record EventSameness(
    SecurityEventKind kind,
    @Nullable InetAddress address,
    @Nullable String peer,
    @Nullable String user,
    @Nullable String reason,
    @Nullable String limit) {

  static EventSameness of(SecurityEvent event) {
    return new EventSameness(
        event.kind(),
        event.address().orElse(null),
        event.fields().get(Field.PEER),
        event.fields().get(Field.USER),
        event.fields().get(Field.REASON),
        event.fields().get(Field.LIMIT));
  }
}

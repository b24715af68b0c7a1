package io.restpipe.auth.identity;

import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEvent.Field;
import io.restpipe.security.SecurityEventKind;
import io.restpipe.security.SecurityLog;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A security log that can be read. */
final class RecordedEvents implements SecurityLog {

  private final List<SecurityEvent> events = new CopyOnWriteArrayList<>();

  @Override
  public void log(SecurityEvent event) {
    events.add(event);
  }

  List<SecurityEventKind> kinds() {
    return events.stream().map(SecurityEvent::kind).toList();
  }

  String last(Field field) {
    return String.valueOf(events.get(events.size() - 1).fields().get(field));
  }

  /** All that was ever told. */
  String text() {
    return events.toString();
  }
}

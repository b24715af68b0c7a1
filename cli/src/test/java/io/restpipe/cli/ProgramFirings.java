package io.restpipe.cli;

import io.restpipe.event.Body;
import io.restpipe.event.EventContext;
import io.restpipe.event.Verb;
import io.restpipe.node.ClientNode;
import io.restpipe.node.ServerNode;
import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEvent.Field;
import io.restpipe.security.SecurityEventKind;
import io.restpipe.security.SecurityLog;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Events that no node emits by itself, as programs emit them that embed one: web applications with
 * captchas, administrators and resets. A handler tells the log that the node was given, of somebody
 * who called it across the pipe.
 */
final class ProgramFirings {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  static final Map<SecurityEventKind, SecurityEventsPageTest.Firing> ALL = all();

  private ProgramFirings() {}

  private static Map<SecurityEventKind, SecurityEventsPageTest.Firing> all() {
    var all =
        new EnumMap<SecurityEventKind, SecurityEventsPageTest.Firing>(SecurityEventKind.class);
    all.put(
        SecurityEventKind.CAPTCHA_FAILED,
        log -> called(log, SecurityEventKind.CAPTCHA_FAILED, "wrong answer"));
    all.put(
        SecurityEventKind.ADMIN_REFUSED,
        log -> called(log, SecurityEventKind.ADMIN_REFUSED, "not an administrator"));
    all.put(
        SecurityEventKind.PASSWORD_RESET_CLEARED,
        log -> called(log, SecurityEventKind.PASSWORD_RESET_CLEARED, null));
    return all;
  }

  private static void called(SecurityLog log, SecurityEventKind kind, String reason)
      throws Exception {
    try (ServerNode server =
            NodeFirings.builder(log)
                .on(
                    Verb.POST,
                    "shop",
                    (context, data) -> {
                      log.log(told(context, kind, reason));
                      return "told";
                    })
                .start();
        ClientNode client = NodeFirings.client(server, "alpha", "one")) {
      client.awaitConnected(PATIENCE);
      client.server().post("shop", "text/plain", Body.of("ann")).get(20, TimeUnit.SECONDS);
    }
  }

  private static SecurityEvent told(EventContext context, SecurityEventKind kind, String reason) {
    return SecurityEvent.builder(kind)
        .from(context.peer().address())
        .peer(context.peer().name())
        .user("ann")
        .reason(reason)
        .with(Field.PATH, "/" + context.noun())
        .build();
  }
}

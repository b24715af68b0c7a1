package io.restpipe.cli;

import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEvent.Field;
import io.restpipe.security.SecurityEventKind;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Events that no node emits, as programs make them that tell the same log: web applications with
 * captchas, administrators and resets.
 */
final class DirectFirings {

  private static final InetSocketAddress FROM = new InetSocketAddress("192.0.2.7", 40_001);

  static final List<SecurityEvent> ALL =
      List.of(
          SecurityEvent.builder(SecurityEventKind.CAPTCHA_FAILED)
              .from(FROM)
              .user("ann")
              .reason("wrong answer")
              .build(),
          SecurityEvent.builder(SecurityEventKind.ADMIN_REFUSED)
              .from(FROM)
              .user("ann")
              .reason("not an administrator")
              .with(Field.PATH, "/users")
              .build(),
          SecurityEvent.builder(SecurityEventKind.PASSWORD_RESET_CLEARED)
              .from(FROM)
              .user("ann")
              .build());

  private DirectFirings() {}
}

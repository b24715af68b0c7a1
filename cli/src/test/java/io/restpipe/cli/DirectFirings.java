package io.restpipe.cli;

import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEvent.Field;
import io.restpipe.security.SecurityEventKind;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Events that nothing here emits by itself, as a program that embeds the log would make them: for
 * web applications with captchas, administrators and resets, and for signed messages.
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
              .build(),
          SecurityEvent.builder(SecurityEventKind.SIGNATURE_REFUSED)
              .from(FROM)
              .peer("alpha")
              .reason("the signature does not fit the message")
              .build());

  private DirectFirings() {}
}

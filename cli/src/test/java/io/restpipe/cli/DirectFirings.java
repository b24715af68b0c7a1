package io.restpipe.cli;

import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEvent.Field;
import io.restpipe.security.SecurityEventKind;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Events as whoever emits them should make them. Replace one by an entry of {@link NodeFirings}
 * once something here emits it by itself.
 */
final class DirectFirings {

  private static final InetSocketAddress FROM = new InetSocketAddress("192.0.2.7", 40_001);

  static final List<SecurityEvent> ALL =
      List.of(
          SecurityEvent.builder(SecurityEventKind.IDENTITY_ISSUED)
              .peer("alpha")
              .with(Field.SERIAL, "5f3a9c01")
              .build(),
          SecurityEvent.builder(SecurityEventKind.IDENTITY_RENEWED)
              .peer("alpha")
              .with(Field.SERIAL, "5f3a9c02")
              .build(),
          SecurityEvent.builder(SecurityEventKind.IDENTITY_REVOKED)
              .peer("alpha")
              .reason("key compromise")
              .with(Field.SERIAL, "5f3a9c01")
              .build(),
          SecurityEvent.builder(SecurityEventKind.TOKEN_USED)
              .from(FROM)
              .peer("alpha")
              .with(Field.TOKEN_ID, "k7w2")
              .build(),
          SecurityEvent.builder(SecurityEventKind.TOKEN_REFUSED)
              .from(FROM)
              .reason("expired")
              .with(Field.TOKEN_ID, "k7w2")
              .build(),
          SecurityEvent.builder(SecurityEventKind.LOGIN_SUCCEEDED).from(FROM).user("ann").build(),
          SecurityEvent.builder(SecurityEventKind.LOGIN_FAILED)
              .from(FROM)
              .user("ann")
              .reason("wrong password")
              .build(),
          SecurityEvent.builder(SecurityEventKind.ACCOUNT_LOCKED)
              .from(FROM)
              .user("ann")
              .reason("too many failed logins")
              .build(),
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

package io.restpipe.cli;

import io.restpipe.config.Secret;
import io.restpipe.config.Setting;
import io.restpipe.config.Types;
import java.util.List;

/** The settings of commands that call the local gateway, for one that asks who they are. */
final class CallerSettings {

  static final Setting<Secret> TOKEN =
      Setting.of("call.token", Types.secret())
          .environment("RP_CALL_TOKEN")
          .help("An access token for the gateway.");

  static final Setting<String> USER =
      Setting.of("call.user", Types.text("NAME"))
          .environment("RP_CALL_USER")
          .flag("--user")
          .help("As which user to call; the password is asked for at the terminal.");

  static final Setting<Secret> PASSWORD =
      Setting.of("call.password", Types.secret())
          .environment("RP_CALL_PASSWORD")
          .help("That user's password.");

  /** All of them. */
  static final List<Setting<?>> ALL = List.of(TOKEN, USER, PASSWORD);

  private CallerSettings() {}
}

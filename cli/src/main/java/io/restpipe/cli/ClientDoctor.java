package io.restpipe.cli;

import io.restpipe.config.Endpoint;
import io.restpipe.config.Setting;
import io.restpipe.config.Settings;
import io.restpipe.security.Identity;
import io.restpipe.security.NodeRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code rp-client doctor}: why there is no connection, or that there could be one. */
@Command(
    sortOptions = false,
    description = {
      "Looks at all that a connection needs, a line each, with the remedy where something is wrong.",
      "Changes nothing, and can run beside the client. Ends with 10 if something is wrong."
    })
final class ClientDoctor extends SettingsCommand {

  ClientDoctor(Terminal terminal) {
    super(terminal, settings(), List.of(), NodeRole.CLIENT);
  }

  private static List<Setting<?>> settings() {
    var settings =
        new ArrayList<Setting<?>>(
            List.of(
                ClientSettings.TARGET_HOSTNAME,
                ClientSettings.TARGET_PORT,
                ClientSettings.GATEWAY));
    settings.addAll(ClientSettings.IDENTITY);
    settings.add(CommonSettings.KEY_PASSPHRASE);
    settings.add(CommonSettings.CRL_FILENAMES);
    settings.add(LegacySettings.SERVER_NAME);
    settings.add(LegacySettings.VERIFY_SERVER);
    return settings;
  }

  private static @Nullable String expected(Settings settings) {
    return settings.get(LegacySettings.VERIFY_SERVER) == LegacySettings.Verify.CA
        ? null
        : settings
            .find(LegacySettings.SERVER_NAME)
            .orElse(settings.get(ClientSettings.TARGET_HOSTNAME));
  }

  @Override
  int run(Settings settings) {
    var findings = new Findings(terminal());
    Optional<Identity> identity =
        new IdentityExamination(settings, NodeRole.CLIENT, findings).run();
    var target =
        new Endpoint.Tcp(
            settings.get(ClientSettings.TARGET_HOSTNAME), settings.get(ClientSettings.TARGET_PORT));
    new PipeExamination(target, expected(settings), terminal().environment(), findings)
        .run(identity.orElse(null));
    new GatewayExamination(settings, ClientSettings.GATEWAY, "rp-client", findings).run();
    return findings.exitCode();
  }
}

package io.restpipe.cli;

import io.restpipe.config.Settings;
import io.restpipe.security.NodeRole;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code rp-server clients}: who is connected. */
@Command(
    sortOptions = false,
    description = "Lists the clients that are connected to the server on this machine.")
final class Clients extends SettingsCommand {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Option(names = "--json", description = "As JSON, with all that is known.")
  private boolean json;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "A file with an access token, for a gateway that asks who calls.")
  private @Nullable Path tokenFile;

  Clients(Terminal terminal) {
    super(terminal, Call.declared(ServerSettings.GATEWAY), List.of(), NodeRole.SERVER);
  }

  @Override
  int run(Settings settings) throws CommandException {
    var gateway =
        new LocalGateway(
            settings.get(ServerSettings.GATEWAY), settings.origin(ServerSettings.GATEWAY));
    var request = new GatewayRequest("GET", "/__clients__").header("Accept", "application/json");
    try (var caller = new CallerCredentials(terminal(), settings, gateway, PATIENCE, tokenFile)) {
      caller.addTo(request);
      return gateway.exchange(request, PATIENCE, this::show);
    }
  }

  private int show(GatewayAnswer answer) throws CommandException, IOException {
    if (answer.status() != 200) {
      throw LocalGateway.refused(answer);
    }
    try (InputStream body = answer.body()) {
      if (json) {
        body.transferTo(terminal().out());
        terminal().say("");
      } else {
        terminal().say(table(body).toString());
      }
      return ExitCode.OK;
    } catch (JacksonException notJson) {
      throw new CommandException(
          ExitCode.NO_REPLY,
          "what answers there is not a RestPipe server of this version",
          notJson);
    }
  }

  private static Table table(InputStream body) {
    var table =
        new Table(
            "NAME",
            "FROM",
            "SINCE",
            "ROUND TRIP",
            "IN FLIGHT",
            "CERTIFICATE UNTIL",
            "PROTOCOL",
            "VERSION",
            "INSTANCE");
    for (JsonNode client : JsonMapper.shared().readTree(body)) {
      table.row(
          text(client, "name"),
          text(client, "address"),
          since(text(client, "since")),
          roundTrip(client.path("roundTripMillis")),
          client.path("inFlight").asString("?"),
          since(text(client, "certificateExpires")),
          client.path("protocol").asString("?"),
          text(client, "version"),
          text(client, "instance"));
    }
    return table;
  }

  private static String text(JsonNode client, String field) {
    return client.path(field).asString("");
  }

  private static String since(String instant) {
    try {
      return Instant.parse(instant).truncatedTo(ChronoUnit.SECONDS).toString();
    } catch (DateTimeParseException another) {
      return instant;
    }
  }

  private static String roundTrip(JsonNode millis) {
    return millis.isNumber() ? String.format(Locale.ROOT, "%.1f ms", millis.asDouble()) : "-";
  }
}

package io.restpipe.cli;

import io.restpipe.config.Endpoint;
import io.restpipe.config.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The gateway of the node on this machine, as a command finds it. */
final class LocalGateway {

  private static final int PROBLEM_LIMIT = 64 * 1024;

  private final Endpoint endpoint;
  private final Origin origin;

  LocalGateway(Endpoint endpoint, Origin origin) {
    this.endpoint = endpoint;
    this.origin = origin;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** What is done with an answer while its body can be read. */
  @FunctionalInterface
  interface Reader<T> {
    T read(GatewayAnswer answer) throws CommandException, IOException;
  }

  /** Sends a request; the patience is from one byte to the next. */
  <T> T exchange(GatewayRequest request, Duration patience, Reader<T> reader)
      throws CommandException {
    try (GatewayChannel channel = connect(patience)) {
      return reader.read(request.send(channel, endpoint));
    } catch (InterruptedIOException late) {
      throw new CommandException(
          ExitCode.NO_REPLY, "the gateway at " + endpoint + ": " + late.getMessage(), late);
    } catch (IOException broken) {
      throw new CommandException(
          ExitCode.NO_REPLY,
          "the gateway at " + endpoint + " gave no whole answer: " + broken.getMessage(),
          broken);
    }
  }

  private GatewayChannel connect(Duration patience) throws CommandException {
    if (endpoint instanceof Endpoint.Tcp tcp && tcp.port() == 0) {
      throw new CommandException(
          ExitCode.USAGE,
          "the gateway's port is 0 (" + origin + "): say the real one with --gateway HOST:PORT");
    }
    try {
      return GatewayChannel.open(endpoint, patience);
    } catch (IOException failed) {
      throw absent(failed);
    }
  }

  private CommandException absent(IOException cause) {
    return new CommandException(
        ExitCode.NO_GATEWAY,
        "no gateway answers at "
            + endpoint
            + " ("
            + origin
            + "): "
            + cause.getMessage()
            + ". Start the node, or say where its gateway is with --gateway",
        cause);
  }

  /** The gateway's own refusal: no event was answered. */
  static CommandException refused(GatewayAnswer answer) throws IOException {
    String detail = detail(answer.body());
    String said = "HTTP status " + answer.status() + (detail.isEmpty() ? "" : ": " + detail);
    return switch (answer.status()) {
      case 401 ->
          new CommandException(
              ExitCode.REFUSED,
              said
                  + ". This gateway asks who calls: give a user with --user NAME, or an access token"
                  + " with --token-file FILE or RP_CALL_TOKEN_FILE");
      case 403 -> new CommandException(ExitCode.REFUSED, said);
      default -> new CommandException(ExitCode.NO_REPLY, said);
    };
  }

  /** What a problem document (RFC 9457) says; the text itself where it is none. */
  private static String detail(InputStream body) throws IOException {
    String text = new String(body.readNBytes(PROBLEM_LIMIT), StandardCharsets.UTF_8);
    try {
      JsonNode problem = JsonMapper.shared().readTree(text);
      String detail = problem.path("detail").asString("");
      return detail.isEmpty() ? problem.path("title").asString("") : detail;
    } catch (JacksonException notJson) {
      return text.lines().findFirst().orElse("");
    }
  }
}

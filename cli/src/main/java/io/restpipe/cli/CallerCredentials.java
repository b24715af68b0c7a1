package io.restpipe.cli;

import io.restpipe.config.Endpoint;
import io.restpipe.config.Secret;
import io.restpipe.config.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a command shows the gateway that asks who it is: an access token, or the name and password
 * of a user, as the gateway takes them; a user who has to log in for it is logged out again by
 * {@link #close}. Nothing of it is an argument, and nothing is sent to another machine.
 */
final class CallerCredentials implements AutoCloseable {

  private static final String PROTECTED_PAGE = "/metrics";
  private static final int MOST_BYTES = 64 << 10;

  private final Terminal terminal;
  private final Settings settings;
  private final LocalGateway gateway;
  private final Duration patience;
  private final @Nullable Path tokenFile;

  /** Of the session that was begun; null where there is none. */
  private @Nullable String sessionToken;

  private @Nullable String refreshToken;

  CallerCredentials(
      Terminal terminal,
      Settings settings,
      LocalGateway gateway,
      Duration patience,
      @Nullable Path tokenFile) {
    this.terminal = terminal;
    this.settings = settings;
    this.gateway = gateway;
    this.patience = patience;
    this.tokenFile = tokenFile;
  }

  /** Adds what was given to a request; nothing where nothing was. */
  void addTo(GatewayRequest request) throws CommandException {
    Optional<String> authorization = authorization();
    if (authorization.isPresent()) {
      requireThisMachine();
      request.header("Authorization", authorization.orElseThrow());
    }
  }

  private Optional<String> authorization() throws CommandException {
    Optional<String> user = settings.find(CallerSettings.USER);
    if (tokenFile != null && user.isEmpty()) {
      return Optional.of(bearer(read(tokenFile), "--token-file"));
    }
    if (tokenFile != null) {
      throw new CommandException(
          ExitCode.USAGE,
          "--token-file must not be there beside "
              + settings.origin(CallerSettings.USER)
              + ": take one of them out");
    }
    Optional<Secret> token = settings.find(CallerSettings.TOKEN);
    if (user.isPresent()) {
      requireThisMachine();
      return Optional.of(ofUser(user.orElseThrow()));
    }
    return token.isPresent()
        ? Optional.of(bearer(token.orElseThrow().reveal(), CallerSettings.TOKEN.key()))
        : Optional.empty();
  }

  private void requireThisMachine() throws CommandException {
    if (gateway.endpoint() instanceof Endpoint.Tcp tcp) {
      var address = new InetSocketAddress(tcp.host(), tcp.port()).getAddress();
      if (address == null || !address.isLoopbackAddress()) {
        throw new CommandException(
            ExitCode.USAGE,
            "credentials are sent to gateways of this machine only, for others could read them on"
                + " their way to "
                + tcp);
      }
    }
  }

  private static String read(Path file) throws CommandException {
    try {
      return Files.readString(file, StandardCharsets.US_ASCII);
    } catch (IOException unreadable) {
      throw new CommandException(
          ExitCode.USAGE, "--token-file: the file cannot be read: " + file, unreadable);
    }
  }

  private static String bearer(String token, String origin) throws CommandException {
    String text = token.strip();
    if (!text.matches("[A-Za-z0-9._~+/=-]{1,16384}")) {
      throw new CommandException(ExitCode.USAGE, origin + ": what is there is no token");
    }
    return "Bearer " + text;
  }

  /** As the gateway takes it: name and password themselves, or a token that they get. */
  private String ofUser(String user) throws CommandException {
    Secret password = password(user);
    String challenges =
        gateway.exchange(
            new GatewayRequest("GET", PROTECTED_PAGE),
            patience,
            answer -> answer.header("www-authenticate"));
    boolean onlyTokens = challenges.contains("Bearer ") && !challenges.contains("Basic ");
    return onlyTokens ? login(user, password) : basic(user, password);
  }

  private static String basic(String user, Secret password) {
    byte[] both = (user + ":" + password.reveal()).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(both);
  }

  private Secret password(String user) throws CommandException {
    Optional<Secret> set = settings.find(CallerSettings.PASSWORD);
    if (set.isPresent()) {
      return set.orElseThrow();
    }
    return new Secret(
        Passphrases.asked(terminal, "Password of " + user + ": ")
            .orElseThrow(
                () ->
                    new CommandException(
                        ExitCode.USAGE,
                        "there is no password of "
                            + user
                            + ", and nobody to ask: set RP_CALL_PASSWORD_FILE to a file that holds"
                            + " it")));
  }

  private String login(String user, Secret password) throws CommandException {
    JsonNode tokens =
        gateway.exchange(
            form("/auth/login", "username", user, "password", password.reveal()),
            patience,
            CallerCredentials::tokens);
    sessionToken = tokens.path("access_token").asString("");
    refreshToken = tokens.path("refresh_token").asString("");
    return bearer(sessionToken, "/auth/login");
  }

  private static JsonNode tokens(GatewayAnswer answer) throws CommandException, IOException {
    if (answer.status() != 200) {
      throw LocalGateway.refused(answer);
    }
    try {
      return JsonMapper.shared().readTree(answer.body().readNBytes(MOST_BYTES));
    } catch (JacksonException notJson) {
      throw new CommandException(
          ExitCode.NO_REPLY, "what answers at /auth/login is no login server", notJson);
    }
  }

  private static GatewayRequest form(String path, String... fields) {
    var body = new StringBuilder();
    for (int i = 0; i < fields.length; i += 2) {
      body.append(i == 0 ? "" : "&")
          .append(fields[i])
          .append('=')
          .append(URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
    }
    return new GatewayRequest("POST", path)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .content(GatewayRequest.Content.of(body.toString().getBytes(StandardCharsets.US_ASCII)));
  }

  /** Logs out where this has logged in. */
  @Override
  public void close() {
    String token = sessionToken;
    if (token == null || refreshToken == null) {
      return;
    }
    sessionToken = null;
    try {
      gateway.exchange(
          form("/auth/logout", "refresh_token", refreshToken)
              .header("Authorization", "Bearer " + token),
          patience,
          GatewayAnswer::status);
    } catch (CommandException away) {
      // The token expires by itself.
    }
  }
}

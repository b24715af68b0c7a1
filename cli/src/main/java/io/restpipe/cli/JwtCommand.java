package io.restpipe.cli;

import io.restpipe.auth.jwt.JwsAlgorithm;
import io.restpipe.auth.jwt.JwsVerifier;
import io.restpipe.auth.jwt.JwtException;
import io.restpipe.auth.jwt.JwtVerifier;
import io.restpipe.auth.jwt.KeyException;
import io.restpipe.auth.jwt.KeyFile;
import io.restpipe.auth.jwt.TrustedIssuer;
import io.restpipe.config.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rp-server jwt verify --key FILE [TOKEN]}: whether a token is good, and why not. */
@Command(
    sortOptions = false,
    description = {
      "verify  says whether a token is good: prints its payload, or why it is refused.",
      "The token is an argument or, better, standard input: arguments can be seen by others."
    })
final class JwtCommand extends SettingsCommand {

  private static final int LONGEST = 64 << 10;

  /** What to do. */
  enum Action {
    VERIFY
  }

  @Parameters(index = "0", paramLabel = "verify", description = "What to do.")
  private Action action = Action.VERIFY;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TOKEN",
      description = "The token; without it, or as -, standard input.")
  private @Nullable String token;

  @Option(
      names = "--key",
      required = true,
      paramLabel = "FILE",
      description = "The key: PEM, a JSON Web Key or a set of them, or a secret as text.")
  private Path key = Path.of("");

  @Option(
      names = "--alg",
      split = ",",
      paramLabel = "ALGORITHM",
      description = "The algorithm of keys that name none; without it, any that fits the key.")
  private List<String> algorithms = new ArrayList<>();

  @Option(names = "--issuer", paramLabel = "TEXT", description = "What iss must be.")
  private @Nullable String issuer;

  @Option(names = "--audience", paramLabel = "TEXT", description = "What aud must hold.")
  private @Nullable String audience;

  @Option(
      names = "--leeway",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "How much clocks may differ (default ${DEFAULT-VALUE}).")
  private long leeway;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "As of when: 2026-11-26T10:00:00Z, or seconds since 1970; without it, now.")
  private @Nullable String at;

  @Option(names = "--allow-no-exp", description = "Takes a token that never expires, too.")
  private boolean allowNoExpiry;

  @Option(
      names = "--signature-only",
      description = "Looks at the signature alone: the payload may be anything.")
  private boolean signatureOnly;

  JwtCommand(Terminal terminal) {
    super(terminal, List.of(), List.of());
  }

  @Override
  int run(Settings settings) throws CommandException {
    assert action == Action.VERIFY;
    String text = text();
    try (KeyFile keys = KeyFile.open(key, allowed())) {
      if (!signatureOnly) {
        verifier(keys).verify(text);
      }
      byte[] payload = new JwsVerifier(keys, LONGEST).verify(text);
      terminal().out().write(payload, 0, payload.length);
      terminal().say("");
      return ExitCode.OK;
    } catch (KeyException wrong) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(wrong.getMessage()), wrong);
    } catch (JwtException refused) {
      throw new CommandException(
          ExitCode.REFUSED,
          "the token is refused: " + refused.getMessage() + " (" + refused.reason() + ")",
          refused);
    }
  }

  private JwtVerifier verifier(KeyFile keys) throws CommandException {
    TrustedIssuer.Builder trusted =
        TrustedIssuer.of(keys).requireSubject(false).requireExpiry(!allowNoExpiry);
    if (issuer != null) {
      trusted.name(issuer);
    }
    if (audience != null) {
      trusted.audience(audience);
    }
    try {
      return JwtVerifier.trusting(trusted.build())
          .leeway(Duration.ofSeconds(leeway))
          .clock(clock())
          .cacheSize(0)
          .build();
    } catch (IllegalArgumentException wrong) {
      throw new CommandException(ExitCode.USAGE, "--leeway must be 0 to 300", wrong);
    }
  }

  private InstantSource clock() throws CommandException {
    if (at == null) {
      return InstantSource.system();
    }
    try {
      return InstantSource.fixed(
          at.matches("\\d{1,12}") ? Instant.ofEpochSecond(Long.parseLong(at)) : Instant.parse(at));
    } catch (DateTimeException wrong) {
      throw new CommandException(
          ExitCode.USAGE, "--at must be 2026-11-26T10:00:00Z, or seconds since 1970", wrong);
    }
  }

  private List<JwsAlgorithm> allowed() throws CommandException {
    if (algorithms.isEmpty()) {
      return List.of(JwsAlgorithm.values());
    }
    try {
      return algorithms.stream().map(JwsAlgorithm::parse).toList();
    } catch (IllegalArgumentException wrong) {
      throw new CommandException(ExitCode.USAGE, "--alg " + wrong.getMessage(), wrong);
    }
  }

  private String text() throws CommandException {
    if (token != null && !token.equals("-")) {
      return token;
    }
    try {
      byte[] bytes = terminal().in().readNBytes(LONGEST + 1);
      String read = new String(bytes, StandardCharsets.ISO_8859_1);
      // The line end that echo and editors add is not the token's.
      return read.endsWith("\n") ? read.substring(0, read.length() - 1) : read;
    } catch (IOException unreadable) {
      throw new CommandException(
          ExitCode.USAGE, "the token can't be read: " + unreadable.getMessage(), unreadable);
    }
  }
}

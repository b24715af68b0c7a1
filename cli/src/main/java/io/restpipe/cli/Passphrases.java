package io.restpipe.cli;

import io.restpipe.config.Secret;
import io.restpipe.config.Setting;
import io.restpipe.config.Settings;
import io.restpipe.security.IdentityException;
import io.restpipe.security.PassphraseSource;
import java.io.Console;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Passphrases of private keys: from settings, or asked for at the terminal; never from arguments,
 * which others can see.
 */
final class Passphrases {

  private Passphrases() {}

  /** That of a setting; where it is unset and needed, how to set it. */
  static PassphraseSource of(Settings settings, Setting<Secret> setting) {
    return file -> {
      Secret secret = settings.find(setting).orElse(null);
      if (secret == null) {
        String variable = setting.environment().get(0);
        throw new IdentityException(
            "%s: the private key is encrypted with a passphrase: set %s_FILE to a file that holds it, or %s to itself"
                .formatted(file, variable, variable));
      }
      return secret.reveal().toCharArray();
    };
  }

  /** The same; where it is unset and somebody is at the terminal, they are asked, once a file. */
  static PassphraseSource asking(Settings settings, Setting<Secret> setting) {
    Console console = console();
    if (console == null || settings.find(setting).isPresent()) {
      return of(settings, setting);
    }
    Map<String, char[]> answers = new HashMap<>();
    return file ->
        answers.computeIfAbsent(file, key -> ask(console, "Passphrase of " + key + ": ")).clone();
  }

  /** A passphrase for a new key: that of the setting, or one that is typed twice. */
  static char[] chosen(Settings settings, Setting<Secret> setting) throws CommandException {
    Secret secret = settings.find(setting).orElse(null);
    if (secret != null) {
      return secret.reveal().toCharArray();
    }
    Console console = console();
    if (console == null) {
      String variable = setting.environment().get(0);
      throw new CommandException(
          ExitCode.USAGE,
          "there is no passphrase to encrypt the key with, and nobody to ask: set %s_FILE to a file that holds it, or %s to itself"
              .formatted(variable, variable));
    }
    char[] first = ask(console, "New passphrase: ");
    char[] again = ask(console, "The same again: ");
    if (first.length == 0 || !Arrays.equals(first, again)) {
      throw new CommandException(
          ExitCode.USAGE,
          first.length == 0
              ? "an empty passphrase protects nothing"
              : "these were two different passphrases: nothing was made");
    }
    return first;
  }

  /** What somebody at the terminal answers, unseen; empty where nobody is there. */
  static Optional<String> asked(Terminal terminal, String prompt) {
    Console console = terminal.in() == System.in ? console() : null;
    return console == null ? Optional.empty() : Optional.of(String.valueOf(ask(console, prompt)));
  }

  /** Somebody who can be asked. From JDK 22 on there may be a console without anybody at it. */
  @SuppressWarnings("SystemConsoleNull") // isTerminal is asked where there is one
  private static @Nullable Console console() {
    Console console = System.console();
    if (console == null) {
      return null;
    }
    try {
      return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console))
          ? console
          : null;
    } catch (ReflectiveOperationException beforeJdk22) {
      return console;
    }
  }

  private static char[] ask(Console console, String prompt) {
    char[] answer = console.readPassword("%s", prompt);
    return answer == null ? new char[0] : answer;
  }
}

package io.restpipe.cli;

import io.restpipe.auth.identity.Issuance;
import io.restpipe.auth.identity.KeyAlgorithm;
import io.restpipe.config.Setting;
import io.restpipe.config.Settings;
import io.restpipe.security.EnrollmentException;
import io.restpipe.security.NodeRole;
import io.restpipe.security.PassphraseSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that works with the authority in a folder. */
abstract class CaCommand extends SettingsCommand {

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = {"The authority's folder, made by rp-ca init.", "(RP_CA_PATH)"})
  private @Nullable Path folder;

  CaCommand(Terminal terminal, Setting<?>... more) {
    super(terminal, withPassphrase(more), List.of());
  }

  private static List<Setting<?>> withPassphrase(Setting<?>... more) {
    var all = new ArrayList<Setting<?>>(List.of(more));
    all.add(CaSettings.KEY_PASSPHRASE);
    return all;
  }

  /** Does the work; what goes wrong with files and requests is made a sentence here. */
  abstract void work(Settings settings) throws CommandException, IOException, EnrollmentException;

  @Override
  final int run(Settings settings) throws CommandException {
    try {
      work(settings);
      return ExitCode.OK;
    } catch (EnrollmentException refused) {
      throw new CommandException(ExitCode.IDENTITY, String.valueOf(refused.getMessage()), refused);
    } catch (IOException unwritable) {
      throw new CommandException(ExitCode.IDENTITY, Sentence.of(unwritable), unwritable);
    }
  }

  /** The authority's folder. */
  final Path folder() throws CommandException {
    String variable = terminal().environment().getOrDefault("RP_CA_PATH", "");
    if (folder != null) {
      return folder;
    }
    if (variable.isEmpty()) {
      throw new CommandException(
          ExitCode.USAGE, "name the authority's folder with --dir DIR, or by RP_CA_PATH");
    }
    return Path.of(variable);
  }

  /** The authority's folder, if it was named. */
  final @Nullable Path folderOrNull() throws CommandException {
    boolean named =
        folder != null || !terminal().environment().getOrDefault("RP_CA_PATH", "").isEmpty();
    return named ? folder() : null;
  }

  final PassphraseSource passphrases(Settings settings) {
    return Passphrases.asking(settings, CaSettings.KEY_PASSPHRASE);
  }

  /** An argument that somebody wrote: what is wrong with it is a matter of usage. */
  static <T> T argument(Supplier<T> reading) throws CommandException {
    try {
      return reading.get();
    } catch (IllegalArgumentException wrong) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(wrong.getMessage()), wrong);
    }
  }

  /** What a certificate shall say. */
  static Issuance issuance(
      String name, NodeRole role, List<String> dns, List<String> ip, Settings settings)
      throws CommandException {
    return argument(
        () -> Issuance.of(name, role).dns(dns).ip(ip).validFor(settings.get(CaSettings.LIFETIME)));
  }

  /** A node with such a key is understood only by those that expect it. */
  static void noteEd25519(Terminal terminal, KeyAlgorithm kind) {
    if (kind == KeyAlgorithm.ED25519) {
      terminal
          .err()
          .println(
              "note: nodes whose TLS is BoringSSL's don't take Ed25519; they use the JDK's where"
                  + " their authority's key is Ed25519, too");
      terminal.err().flush();
    }
  }

  static KeyAlgorithm algorithm(String text) throws CommandException {
    return argument(() -> KeyAlgorithm.parse(text));
  }

  /** How to install what was made. */
  final void sayHowToInstall(NodeRole role, Path key, Path chain, Path anchors) {
    terminal()
        .say("install with: rp-%s set-identity %s %s %s".formatted(role, key, chain, anchors));
  }
}

package io.restpipe.cli;

import io.restpipe.auth.password.StoreException;
import io.restpipe.auth.password.User;
import io.restpipe.auth.password.UserDirectory;
import io.restpipe.auth.password.UserException;
import io.restpipe.config.Secret;
import io.restpipe.config.Setting;
import io.restpipe.config.Settings;
import io.restpipe.security.NodeRole;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rp-server user add|passwd|list|disable|enable|role|remove}: the users of a store. */
@Command(
    sortOptions = false,
    description = {
      "add NAME           adds a user; asks for the password, or reads a line of standard input.",
      "passwd NAME        sets a user's password, asked for like that.",
      "list               lists the users: name, roles, e-mail, and whether they are kept out.",
      "disable NAME       keeps a user out; enable NAME lets it in again.",
      "role NAME ROLE,... sets a user's roles; - for none.",
      "remove NAME        removes a user.",
      "A server that runs sees each change about a second later."
    })
final class UserCommand extends SettingsCommand {

  private static final int LEAST_PASSWORD = 8;

  /** What to do. */
  enum Action {
    ADD,
    PASSWD,
    LIST,
    DISABLE,
    ENABLE,
    ROLE,
    REMOVE
  }

  @Parameters(
      index = "0",
      paramLabel = "add|passwd|list|disable|enable|role|remove",
      description = "What to do.")
  private Action action = Action.LIST;

  @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "Which user.")
  private @Nullable String name;

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "ROLE,...",
      description = "Of role: the roles.")
  private @Nullable String roles;

  @Option(names = "--email", paramLabel = "ADDRESS", description = "Of add: the e-mail address.")
  private @Nullable String email;

  @Option(
      names = "--role",
      split = ",",
      paramLabel = "ROLE,...",
      description = "Of add: the roles; may be given again.")
  private List<String> added = new ArrayList<>();

  UserCommand(Terminal terminal) {
    super(terminal, declared(), List.of(), NodeRole.SERVER);
  }

  private static List<Setting<?>> declared() {
    var all = new ArrayList<Setting<?>>(UserSettings.ALL);
    all.add(ServerSettings.CERT_PATH);
    return all;
  }

  @Override
  int run(Settings settings) throws CommandException {
    try (ConfiguredUsers users = ConfiguredUsers.open(settings)) {
      UserDirectory directory = users.directory();
      if (action == Action.LIST) {
        list(directory);
      } else {
        change(directory, needed());
      }
      return ExitCode.OK;
    } catch (UserException | IllegalArgumentException wrong) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(wrong.getMessage()), wrong);
    } catch (StoreException down) {
      throw new CommandException(ExitCode.START, String.valueOf(down.getMessage()), down);
    }
  }

  private String needed() throws CommandException {
    if (name == null) {
      throw new CommandException(ExitCode.USAGE, "say which user: NAME is missing");
    }
    return name;
  }

  private void list(UserDirectory directory) throws StoreException {
    var table = new Table("NAME", "ROLES", "E-MAIL", "STATE");
    for (User user : directory.list()) {
      table.row(
          user.name(),
          user.rolesText(),
          user.mail().orElse(""),
          user.disabled() ? "disabled" : "active");
    }
    terminal().say(table.toString());
  }

  private void change(UserDirectory directory, String user)
      throws CommandException, UserException, StoreException {
    switch (action) {
      case ADD -> {
        User.checkName(user);
        Set<String> all = new LinkedHashSet<>(added);
        all.forEach(User::checkRole);
        directory.add(user, email, password(user), all);
        say("added user " + user, directory);
      }
      case PASSWD -> {
        directory.setPassword(user, password(user));
        say("set the password of " + user, directory);
      }
      case DISABLE -> {
        directory.setDisabled(user, true);
        say("disabled user " + user, directory);
      }
      case ENABLE -> {
        directory.setDisabled(user, false);
        say("enabled user " + user, directory);
      }
      case ROLE -> {
        directory.setRoles(user, roles());
        say("set the roles of " + user, directory);
      }
      case REMOVE -> {
        directory.remove(user);
        say("removed user " + user, directory);
      }
      case LIST -> throw new IllegalStateException("is listed elsewhere");
    }
  }

  private void say(String done, UserDirectory directory) {
    terminal().say(done + " (" + directory.name() + ")");
  }

  private Set<String> roles() throws CommandException {
    if (roles == null) {
      throw new CommandException(
          ExitCode.USAGE, "say which roles: ROLE,... is missing; - for none");
    }
    Set<String> all = new LinkedHashSet<>();
    for (String role : roles.equals("-") ? new String[0] : roles.split(",", -1)) {
      all.add(User.checkRole(role.strip()));
    }
    return all;
  }

  /** From the terminal, twice and unseen; else a line of what is piped in. Never an argument. */
  private Secret password(String user) throws CommandException {
    Console console = terminal().in() == System.in ? System.console() : null;
    String password;
    if (console == null) {
      password = line();
    } else {
      password = String.valueOf(console.readPassword("Password of %s: ", user));
      if (!password.equals(String.valueOf(console.readPassword("Again: ")))) {
        throw new CommandException(ExitCode.USAGE, "these are two passwords; nothing was changed");
      }
    }
    if (password.length() < LEAST_PASSWORD) {
      throw new CommandException(
          ExitCode.USAGE, "a password has at least " + LEAST_PASSWORD + " characters");
    }
    return new Secret(password);
  }

  private String line() throws CommandException {
    try {
      var reader =
          new BufferedReader(new InputStreamReader(terminal().in(), StandardCharsets.UTF_8));
      String line = reader.readLine();
      if (line == null) {
        throw new CommandException(
            ExitCode.USAGE, "there is no password on standard input: give it as one line");
      }
      return line;
    } catch (IOException unreadable) {
      throw new CommandException(
          ExitCode.USAGE, "the password can't be read: " + unreadable.getMessage(), unreadable);
    }
  }
}

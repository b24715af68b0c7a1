package io.restpipe.auth.password;

import io.restpipe.auth.internal.WatchedFile;
import io.restpipe.auth.password.UserFile.Entry;
import io.restpipe.config.Secret;
import io.restpipe.security.AtomicFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Users in a file as htpasswd writes it. It is read again when it changes; each change is written
 * whole and put in its place at once, under a lock that other processes respect ({@code
 * FILE.lock}).
 */
public final class FileUserStore implements UserDirectory {

  private static final int MAX_BYTES = 16 << 20;

  private final Path path;
  private final WatchedFile<UserFile> file;
  private final Decoy decoy = new Decoy();

  private FileUserStore(Path path, WatchedFile<UserFile> file) {
    this.path = path;
    this.file = file;
  }

  /**
   * Opens it; where nothing is there, an empty one is made that only its owner can read.
   *
   * @throws IOException if it can't be read, or a line of it is wrong
   */
  public static FileUserStore open(Path path) throws IOException {
    if (!Files.exists(path)) {
      Path folder = path.toAbsolutePath().getParent();
      if (folder != null) {
        AtomicFile.makeFolder(folder);
      }
      Ownership owner = Ownership.of(path);
      try (var empty = AtomicFile.prepare(path, new byte[0], AtomicFile.Access.OWNER)) {
        empty.replace();
      }
      owner.give(path);
    }
    return new FileUserStore(path, WatchedFile.open(path, MAX_BYTES, UserFile::parse));
  }

  @Override
  public String name() {
    return "file " + path;
  }

  @Override
  public Optional<Account> find(String login) {
    return file.value().find(login).map(this::account);
  }

  private Account account(Entry entry) {
    decoy.learn(entry.hash());
    return new HashedAccount(
        entry.user(),
        entry.hash(),
        (oldHash, newHash) ->
            change(
                users -> {
                  Entry now = users.named(entry.user().name());
                  return now == null || !now.hash().equals(oldHash)
                      ? users
                      : users.with(new Entry(now.user(), newHash));
                }));
  }

  @Override
  public void checkNobody(Secret password) {
    decoy.check(password);
  }

  @Override
  public List<User> list() {
    return file.value().users().stream().sorted(Comparator.comparing(User::name)).toList();
  }

  @Override
  public User add(String name, @Nullable String email, Secret password, Set<String> roles)
      throws UserException, StoreException {
    User user = new User(User.checkName(name), name, email, roles, false);
    if (email != null) {
      User.checkEmail(email);
    }
    roles.forEach(User::checkRole);
    String hash = PasswordHash.make(password);
    change(
        users -> {
          if (users.find(name).isPresent()) {
            throw UserException.exists(name);
          }
          if (email != null && users.find(email).isPresent()) {
            throw UserException.exists("with the address " + email);
          }
          return users.with(new Entry(user, hash));
        });
    return user;
  }

  @Override
  public void setPassword(String name, Secret password) throws UserException, StoreException {
    String hash = PasswordHash.make(password);
    change(users -> users.with(new Entry(existing(users, name).user(), hash)));
  }

  @Override
  public void setRoles(String name, Set<String> roles) throws UserException, StoreException {
    roles.forEach(User::checkRole);
    change(
        users -> {
          Entry entry = existing(users, name);
          return users.with(new Entry(entry.user().withRoles(roles), entry.hash()));
        });
  }

  @Override
  public void setDisabled(String name, boolean disabled) throws UserException, StoreException {
    change(
        users -> {
          Entry entry = existing(users, name);
          return users.with(new Entry(entry.user().withDisabled(disabled), entry.hash()));
        });
  }

  @Override
  public void remove(String name) throws UserException, StoreException {
    change(users -> users.without(existing(users, name).user().name()));
  }

  private static Entry existing(UserFile users, String name) throws UserException {
    Entry entry = users.named(name);
    if (entry == null) {
      throw UserException.unknown(name);
    }
    return entry;
  }

  /** What a change makes of the users. */
  @FunctionalInterface
  private interface Change {
    UserFile apply(UserFile users) throws UserException;
  }

  /** Whether it changed anything. */
  private synchronized boolean change(Change change) throws UserException, StoreException {
    boolean changed;
    Path lockFile = path.resolveSibling(path.getFileName() + ".lock");
    try (FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      Ownership owner = Ownership.of(path);
      owner.give(lockFile);
      // What is in the file now counts, not what was read of it before.
      UserFile before = UserFile.parse(Files.readAllBytes(path));
      UserFile after = change.apply(before);
      changed = after != before;
      if (changed) {
        try (var next = AtomicFile.prepare(path, after.bytes(), AtomicFile.Access.OWNER)) {
          next.replace();
        }
        owner.give(path);
      }
      assert lock.isValid();
    } catch (IOException e) {
      throw new StoreException(path + " can't be changed: " + e.getMessage(), e);
    }
    file.refresh();
    return changed;
  }

  /** Whether a user of that name is there. */
  public boolean has(String name) {
    return file.value().named(name) != null;
  }

  @Override
  public void close() {
    file.close();
  }
}

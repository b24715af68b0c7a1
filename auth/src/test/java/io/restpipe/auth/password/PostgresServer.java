package io.restpipe.auth.password;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.awaitility.Awaitility;
import org.tukaani.xz.XZInputStream;

/**
 * A real PostgreSQL on a port of loopback, unpacked from a jar of Maven. It refuses to run as root,
 * as which builds in containers run: there it runs as nobody, by a tool that every Linux has.
 */
final class PostgresServer implements AutoCloseable {

  private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
  private static final int NOBODY = 65534;
  private static final int OWNER_EXECUTES = 0100;

  private final Path folder;
  private final int port;
  private Process process;

  private PostgresServer(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  /** Whether there is one for this machine. */
  static boolean isAvailable() {
    return System.getProperty("os.name").equals("Linux")
        && System.getProperty("os.arch").equals("amd64");
  }

  static PostgresServer start() throws Exception {
    Path folder = Files.createTempDirectory("restpipe-postgres");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    unpack(folder);
    Path data = Files.createDirectory(folder.resolve("data"));
    if (isRoot()) {
      Files.setAttribute(data, "unix:uid", NOBODY);
      Files.setAttribute(data, "unix:gid", NOBODY);
    }
    var server = new PostgresServer(folder, freePort());
    Process initdb =
        server.run(
            "initdb",
            "-D",
            data.toString(),
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync");
    if (!initdb.waitFor(60, TimeUnit.SECONDS) || initdb.exitValue() != 0) {
      throw new IOException("initdb failed: " + Files.readString(server.log()));
    }
    server.comeBack();
    return server;
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void unpack(Path folder) throws IOException {
    try (InputStream resource = PostgresServer.class.getResourceAsStream(ARCHIVE);
        var tar = new TarArchiveInputStream(new XZInputStream(resource))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path target = folder.resolve(entry.getName()).normalize();
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
          Files.createDirectories(target.getParent());
          Files.copy(tar, target);
          boolean runs = (entry.getMode() & OWNER_EXECUTES) != 0;
          Files.setPosixFilePermissions(
              target, PosixFilePermissions.fromString(runs ? "rwxr-xr-x" : "rw-r--r--"));
        }
      }
    }
  }

  private Path log() {
    return folder.resolve("log");
  }

  private Process run(String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(asNobody());
    }
    command.add(folder.resolve("bin").resolve(program).toString());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
        .start();
  }

  private static List<String> asNobody() throws IOException {
    for (String folder : List.of("/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/")) {
      if (Files.isExecutable(Path.of(folder + "setpriv"))) {
        String id = String.valueOf(NOBODY);
        return List.of(folder + "setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups");
      }
      if (Files.isExecutable(Path.of(folder + "runuser"))) {
        return List.of(folder + "runuser", "-u", "nobody", "--");
      }
    }
    throw new IOException("neither setpriv nor runuser is here to run PostgreSQL as nobody");
  }

  /** Starts it, at first and after it went away: on the same port, with the same data. */
  void comeBack() throws Exception {
    process =
        run(
            "postgres",
            "-D",
            folder.resolve("data").toString(),
            "-p",
            String.valueOf(port),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
            "-c",
            "fsync=off");
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsInstanceOf(SQLException.class)
        .until(
            () -> {
              try (Connection connection = connect()) {
                return connection.isValid(1);
              }
            });
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url());
  }

  /** Dies at once, as when its machine does. */
  void goAway() throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.waitFor(10, TimeUnit.SECONDS);
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
  }

  @Override
  public void close() throws Exception {
    goAway();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes a) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, IOException e) throws IOException {
            Files.delete(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}

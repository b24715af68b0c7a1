package io.restpipe.examples.fileserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Scanner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FileServerTest {

  private final InputStream keyboard = System.in;
  private final PrintStream console = System.out;
  private final PipedOutputStream enter = new PipedOutputStream();
  private final HttpClient http = HttpClient.newHttpClient();

  private CompletableFuture<Void> program;
  private String gateway;
  private String web;

  @TempDir private Path parent;

  @BeforeEach
  void start() throws IOException {
    Path folder = Files.createDirectory(parent.resolve("shown"));
    Files.writeString(folder.resolve("hello world.txt"), "hello");
    Files.write(folder.resolve("large.bin"), new byte[3_000_000]);
    Files.writeString(parent.resolve("secret.txt"), "secret");
    Files.createSymbolicLink(folder.resolve("link.txt"), parent.resolve("secret.txt"));

    var printed = new PipedInputStream();
    System.setIn(new PipedInputStream(enter));
    System.setOut(new PrintStream(new PipedOutputStream(printed), true, StandardCharsets.UTF_8));
    program =
        CompletableFuture.runAsync(
            () -> {
              try {
                FileServer.main(new String[] {folder.toString()});
              } catch (Exception failure) {
                throw new IllegalStateException(failure);
              }
            });
    var lines = new Scanner(printed, StandardCharsets.UTF_8);
    gateway = lines.nextLine().replaceFirst(".*curl ", "");
    web = lines.nextLine().replaceFirst(".*: ", "");
  }

  @AfterEach
  void pressEnter() throws Exception {
    enter.write('\n');
    enter.flush();
    program.get(30, TimeUnit.SECONDS);
    System.setIn(keyboard);
    System.setOut(console);
  }

  private HttpResponse<byte[]> get(String uri) throws Exception {
    return http.send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofByteArray());
  }

  @Test
  void files_behind_the_firewall_can_be_listed_and_downloaded() throws Exception {
    String listed = "[\"hello world.txt\",\"large.bin\"]";
    assertThat(get(gateway).body()).asString().isEqualTo(listed);
    assertThat(get(web).body()).asString().isEqualTo(listed);

    assertThat(get(web + "file/hello%20world.txt").body()).asString().isEqualTo("hello");
    assertThat(Arrays.equals(get(web + "file/large.bin").body(), new byte[3_000_000])).isTrue();
  }

  @Test
  void nothing_else_can() throws Exception {
    assertThat(get(web + "file/missing.txt").statusCode()).isEqualTo(404);
    assertThat(get(web + "file/link.txt").statusCode()).isEqualTo(404);
    assertThat(get(web + "file/..%2Fsecret.txt").statusCode()).isEqualTo(400);
    assertThat(get(web + "file/../secret.txt").statusCode()).isEqualTo(400);
  }
}

package io.restpipe.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.event.ServerEventHandler;
import io.restpipe.node.V1Peer.Fields;
import java.io.ByteArrayOutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The handler in {@code docs/migrating-from-restpipe.md} compiles, and does what the page says. */
class MigrationPageTest {

  private static final Path PAGE = Path.of("../docs/migrating-from-restpipe.md");

  @TempDir private Path folder;

  @Test
  void the_handler_answers_an_old_client_as_the_python_one_did() throws Exception {
    try (var classes = new URLClassLoader(new URL[] {folder.toUri().toURL()});
        ServerNode server =
            ServerNode.builder(Certificates.server())
                .bind("127.0.0.1", 0)
                .handler(handler(classes))
                .start();
        V1Peer old =
            V1Peer.dial(
                Certificates.client("old"),
                server.address().getPort(),
                (verb, noun, mimeType, data) -> null)) {
      Fields item = old.ask("get", "item//north/42", "", new byte[0]).fields();
      assertThat(item.text(2)).isEqualTo("application/json");
      assertThat(item.text(4)).isEqualTo("{\"left\":7}");

      byte[] order = "{\"id\": 5}".getBytes(UTF_8);
      Fields ordered = old.ask("post", "order", "application/json", order).fields();
      assertThat(ordered.text(3)).isEqualTo("1");
      assertThat(ordered.text(4)).isEqualTo("{\"order\":5}");

      Fields failed = old.ask("get", "time/utc", "", new byte[0]).fields();
      assertThat(failed.text(3)).isEqualTo("251");
      assertThat(failed.text(4)).contains("no clock");
    }
  }

  private ServerEventHandler handler(ClassLoader classes) throws Exception {
    Matcher java =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
    assertThat(java.find()).isTrue();
    Path source = Files.writeString(folder.resolve("Stock.java"), java.group(1));
    var errors = new ByteArrayOutputStream();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                errors,
                errors,
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "-d",
                folder.toString(),
                source.toString());
    assertThat(status).as(errors.toString(UTF_8)).isZero();
    return (ServerEventHandler) classes.loadClass("Stock").getDeclaredConstructor().newInstance();
  }
}

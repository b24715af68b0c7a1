package io.restpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.restpipe.config.ConfigException;
import io.restpipe.config.Settings;
import io.restpipe.event.ClientEventHandler;
import io.restpipe.event.ServerEventHandler;
import io.restpipe.pipe.ServerListener;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserClassesTest {

  @TempDir private Path folder;

  /** As a user writes it. */
  public static class Good extends ServerEventHandler {}

  /** For the other end. */
  public static class OfClient extends ClientEventHandler {}

  /** Cannot be made. */
  public abstract static class Abstract extends ServerEventHandler {}

  /** Cannot be seen. */
  static class Hidden extends ServerEventHandler {}

  /** Wants something. */
  public static class Demanding extends ServerEventHandler {
    public Demanding(String wish) {
      assertThat(wish).isNotNull();
    }
  }

  /** Fails. */
  public static class Failing extends ServerEventHandler {
    public Failing() {
      throw new IllegalStateException("no database");
    }
  }

  /** Hears. */
  public static class Listener implements ServerListener {}

  private static UserClasses classes(String variable, String value)
      throws ConfigException, CommandException {
    return new UserClasses(
        Settings.of(ServerSettings.ALL).environment(Map.of(variable, value)).resolve());
  }

  private static ServerEventHandler handler(String name) throws ConfigException, CommandException {
    return classes("RP_EVENT_HANDLER_FQ_CLASS", name)
        .make(CommonSettings.EVENT_HANDLER, ServerEventHandler.class)
        .orElseThrow();
  }

  private static void assertRefused(String message, ThrowingCallable making) {
    assertThatExceptionOfType(CommandException.class)
        .isThrownBy(making)
        .withMessageContaining(message)
        .satisfies(refused -> assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE));
  }

  @Test
  void a_handler_is_made() throws Exception {
    assertThat(handler(Good.class.getName())).isInstanceOf(Good.class);
  }

  @Test
  void a_listener_is_made() throws Exception {
    String variable = "RP_SERVER_CONNECTION_STATE_CHANGE_EVENT_CLASS";
    UserClasses classes = classes(variable, Listener.class.getName());

    assertThat(classes.make(ServerSettings.LISTENER, ServerListener.class))
        .containsInstanceOf(Listener.class);
    assertThat(classes.make(CommonSettings.EVENT_HANDLER, ServerEventHandler.class)).isEmpty();
  }

  @Test
  void a_class_that_is_not_there() {
    assertRefused(
        "RP_EVENT_HANDLER_FQ_CLASS = no.Such: there is no such class on the class path: say where"
            + " it is with RP_CLASSPATH",
        () -> handler("no.Such"));
  }

  @Test
  void a_class_of_another_kind() {
    assertRefused(
        "must extend io.restpipe.event.ServerEventHandler",
        () -> handler(OfClient.class.getName()));
    assertRefused(
        "must implement io.restpipe.pipe.ServerListener",
        () ->
            classes("RP_SERVER_CONNECTION_STATE_CHANGE_EVENT_CLASS", Good.class.getName())
                .make(ServerSettings.LISTENER, ServerListener.class));
  }

  @Test
  void a_class_of_which_there_is_no_object() {
    String rule = "must be a public class that is not abstract";
    assertRefused(rule, () -> handler(Abstract.class.getName()));
    assertRefused(rule, () -> handler(Hidden.class.getName()));
  }

  @Test
  void a_constructor_with_parameters() {
    assertRefused(
        "must have a public constructor without parameters",
        () -> handler(Demanding.class.getName()));
  }

  @Test
  void a_constructor_that_throws() {
    assertRefused(
        "its constructor threw java.lang.IllegalStateException: no database",
        () -> handler(Failing.class.getName()));
  }

  private void compile() throws IOException {
    Path source = folder.resolve("src/com/example/Mine.java");
    Files.createDirectories(source.getParent());
    Files.writeString(
        source,
        "package com.example; public class Mine extends io.restpipe.event.ServerEventHandler {}");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Path classes = Files.createDirectories(folder.resolve("classes"));
    int status =
        compiler.run(
            new ByteArrayInputStream(new byte[0]),
            OutputStream.nullOutputStream(),
            OutputStream.nullOutputStream(),
            "-proc:none",
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            classes.toString(),
            source.toString());
    assertThat(status).isZero();
    Path jar = Files.createDirectories(folder.resolve("lib")).resolve("mine.jar");
    try (var zip = new ZipOutputStream(Files.newOutputStream(jar));
        InputStream compiled = Files.newInputStream(classes.resolve("com/example/Mine.class"))) {
      zip.putNextEntry(new ZipEntry("com/example/Mine.class"));
      compiled.transferTo(zip);
    }
  }

  @Test
  void a_handler_comes_from_a_folder_a_jar_or_a_folder_of_jars() throws Exception {
    compile();

    for (String place : new String[] {"classes", "lib/mine.jar", "lib/*"}) {
      var settings =
          Settings.of(ServerSettings.ALL)
              .environment(
                  Map.of(
                      "RP_CLASSPATH",
                      folder.resolve("src") + ":" + folder + "/" + place,
                      "RP_EVENT_HANDLER_FQ_CLASS",
                      "com.example.Mine"))
              .resolve();
      var classes = new UserClasses(settings);

      assertThat(classes.make(CommonSettings.EVENT_HANDLER, ServerEventHandler.class))
          .as(place)
          .get()
          .satisfies(
              mine -> assertThat(mine.getClass().getClassLoader()).isSameAs(classes.loader()));
    }
  }

  @Test
  void a_place_that_is_not_there() {
    assertRefused(
        "RP_CLASSPATH = /no/such.jar: /no/such.jar does not exist",
        () -> classes("RP_CLASSPATH", "/no/such.jar"));
    assertRefused("/no/such/* does not exist", () -> classes("RP_CLASSPATH", "/no/such/*"));
  }
}

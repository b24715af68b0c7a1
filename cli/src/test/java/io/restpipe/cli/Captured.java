package io.restpipe.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A terminal whose output can be read. */
final class Captured {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Terminal terminal;

  Captured() {
    this(Map.of(), "");
  }

  Captured(Map<String, String> environment, String input) {
    terminal =
        new Terminal(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment);
  }

  Terminal terminal() {
    return terminal;
  }

  Program server() {
    return RpServer.program(terminal, Runnable::run);
  }

  Program client() {
    return RpClient.program(terminal, Runnable::run);
  }

  Program ca() {
    return RpCa.program(terminal);
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}

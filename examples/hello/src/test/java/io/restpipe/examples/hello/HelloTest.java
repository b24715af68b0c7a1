package io.restpipe.examples.hello;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HelloTest {

  @Test
  @Timeout(60)
  void both_ends_answer() throws Exception {
    var printed = new ByteArrayOutputStream();
    PrintStream console = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      Hello.main(new String[0]);
    } finally {
      System.setOut(console);
    }

    assertThat(printed.toString(StandardCharsets.UTF_8).lines())
        .satisfiesExactly(
            server -> assertThat(server).startsWith("The server says: {").contains("\"alpha\""),
            client ->
                assertThat(client).isEqualTo("The client says: {\"result\":\"hello world\"}"));
  }
}

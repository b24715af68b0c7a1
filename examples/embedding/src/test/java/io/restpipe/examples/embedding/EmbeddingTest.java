package io.restpipe.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class EmbeddingTest {

  @Test
  @Timeout(60)
  void calls_go_both_ways() throws Exception {
    var printed = new ByteArrayOutputStream();
    PrintStream console = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      Embedding.main(new String[0]);
    } finally {
      System.setOut(console);
    }

    assertThat(printed.toString(StandardCharsets.UTF_8).lines())
        .hasSize(6)
        .contains(
            "connected: alpha",
            "the client's sum: 42",
            "bytes uploaded: 5000000",
            "bytes downloaded: 5000000",
            "the server failed: java.lang.IllegalStateException: the disk is full")
        .anyMatch(line -> line.matches("the server's time: 20.*Z"));
  }
}

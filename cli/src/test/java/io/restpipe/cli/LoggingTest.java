package io.restpipe.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.junit.jupiter.api.Test;

class LoggingTest {

  @Test
  void a_message_stays_on_its_line_and_commands_no_terminal() {
    var context = new LoggerContext();
    Logger logger = context.getLogger("some.Class");
    String text = "says a\r\nb\u001b[2J\u009b2J\u0085\u2028\u2029\u202e\u200b\tend é😀";
    var event = new LoggingEvent("x", logger, Level.WARN, text, null, new Object[0]);
    byte[] line = Logging.encoder(context).encode(event);

    assertThat(new String(line, UTF_8))
        .endsWith(" WARN  Class: says a??b?[2J?2J?????\tend é😀" + System.lineSeparator());
  }
}

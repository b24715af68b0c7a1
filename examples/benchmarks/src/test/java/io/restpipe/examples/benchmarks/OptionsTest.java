package io.restpipe.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {

  @Test
  void without_arguments_everything_is_measured() {
    Options options = Options.parse();

    assertThat(options.directions()).containsExactly(Direction.TO_SERVER, Direction.TO_CLIENT);
    assertThat(options.stacks()).containsExactly(Stack.PIPE, Stack.PIPE_ONCE, Stack.RAW);
    assertThat(options.cells(Direction.TO_SERVER)).hasSize(12);
    assertThat(options.json()).isFalse();
  }

  @Test
  void arguments_choose() {
    Options options =
        Options.parse(
            "--payload",
            "1024",
            "--in-flight",
            "1,256",
            "--direction",
            "to-client",
            "--stack",
            "raw",
            "--rounds",
            "3",
            "--seconds",
            "0.5",
            "--warm-up",
            "1",
            "--json");

    assertThat(options.cells(Direction.TO_CLIENT))
        .containsExactly(
            new Cell(Direction.TO_CLIENT, 1024, 1), new Cell(Direction.TO_CLIENT, 1024, 256));
    assertThat(options.directions()).isEqualTo(List.of(Direction.TO_CLIENT));
    assertThat(options.stacks()).isEqualTo(List.of(Stack.RAW));
    assertThat(options.rounds()).isEqualTo(3);
    assertThat(options.round()).isEqualTo(Duration.ofMillis(500));
    assertThat(options.warmUp()).isEqualTo(Duration.ofSeconds(1));
    assertThat(options.json()).isTrue();
  }

  @Test
  void goals_are_three_combinations() {
    assertThat(Options.parse("--goals").cells(Direction.TO_SERVER)).hasSize(3);
  }

  @Test
  void what_is_wrong_is_said() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse("--payload"))
        .withMessage("--payload is unknown or lacks a value");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse("--rounds", "0"))
        .withMessage("--rounds must be a whole number from 1: 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse("--seconds", "soon"))
        .withMessage("--seconds must be a number of seconds: soon");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse("--direction", "up"))
        .withMessage("up is not one of to-server, to-client");
  }
}

package io.restpipe.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What must hold between several settings. It is checked where each of them is right by itself.
 *
 * @param about the settings that the check reads
 * @param check gives the problem if there is one
 */
public record Rule(List<Setting<?>> about, Function<Settings, Optional<Problem>> check) {

  public Rule {
    about = List.copyOf(about);
  }
}

package io.restpipe.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The environment that <code>${NAME}</code> looks into. */
@FunctionalInterface
interface Variables {

  @Nullable String find(String name);

  static Variables of(Map<String, String> variables) {
    return variables::get;
  }
}

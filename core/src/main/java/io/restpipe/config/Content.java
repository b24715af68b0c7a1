package io.restpipe.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands in the place of a value, before it is converted. */
sealed interface Content {

  String written();

  Object value() throws UnsetVariableException;

  /** One text; of a list, one for each item. */
  List<String> texts() throws UnsetVariableException;

  boolean isList();

  /** The folder that paths are relative to. */
  @Nullable Path folder();

  /** In an INI file: see {@link IniText}. */
  record Ini(String written, @Nullable Path folder, Variables variables) implements Content {

    @Override
    public Object value() throws UnsetVariableException {
      if (!isList()) {
        return IniText.convert(written, folder, variables);
      }
      var items = new ArrayList<Object>();
      for (String item : IniText.items(written)) {
        items.add(IniText.convert(item, folder, variables));
      }
      return List.copyOf(items);
    }

    @Override
    public List<String> texts() throws UnsetVariableException {
      if (!isList()) {
        return List.of(IniText.text(written, folder, variables));
      }
      var items = new ArrayList<String>();
      for (String item : IniText.items(written)) {
        items.add(IniText.text(item, folder, variables));
      }
      return List.copyOf(items);
    }

    @Override
    public boolean isList() {
      return IniText.isList(written);
    }
  }

  /** Text that means itself, though it may be a number or a boolean. */
  record Plain(String written, @Nullable Path folder) implements Content {

    @Override
    public Object value() {
      return IniText.scalar(written);
    }

    @Override
    public List<String> texts() {
      return List.of(written);
    }

    @Override
    public boolean isList() {
      return false;
    }
  }

  /** A value that has its type already: a scalar or a list of scalars. */
  record Typed(Object value, @Nullable Path folder) implements Content {

    @Override
    public String written() {
      return String.join("\n", texts());
    }

    @Override
    public List<String> texts() {
      return value instanceof List<?> items
          ? items.stream().map(Typed::textOf).toList()
          : List.of(textOf(value));
    }

    @Override
    public boolean isList() {
      return value instanceof List<?>;
    }

    private static String textOf(Object scalar) {
      return scalar instanceof Duration duration ? Durations.text(duration) : scalar.toString();
    }
  }
}

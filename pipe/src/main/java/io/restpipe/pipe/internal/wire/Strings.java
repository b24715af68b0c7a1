package io.restpipe.pipe.internal.wire;

import io.restpipe.event.Headers;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects a repeated field; allocates nothing as long as it is empty. */
final class Strings {

  private final String what;
  private final int most;
  private String @Nullable [] items;
  private int length;
  private int count;

  Strings(String what, int most) {
    this.what = what;
    this.most = most;
  }

  void add(String item) {
    Limits.checkCount(what, ++count, most);
    append(item);
  }

  void add(String name, String value) {
    Limits.checkCount(what, ++count, most);
    append(name);
    append(value);
  }

  private void append(String item) {
    if (items == null) {
      items = new String[4];
    } else if (length == items.length) {
      items = Arrays.copyOf(items, length * 2);
    }
    items[length++] = item;
  }

  List<String> list() {
    return items == null ? List.of() : List.of(trimmed(items));
  }

  Headers headers() {
    return items == null ? Headers.empty() : Headers.of(trimmed(items));
  }

  private String[] trimmed(String[] items) {
    return length == items.length ? items : Arrays.copyOf(items, length);
  }
}

package io.restpipe.cef;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {

  private static final long LARGE = 1L << 30;

  @TempDir Path folder;

  private static byte[] entry(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> rest(Spool spool) throws IOException {
    List<String> entries = new ArrayList<>();
    for (byte[] next = spool.next(); next != null; next = spool.next()) {
      entries.add(new String(next, StandardCharsets.UTF_8));
    }
    return entries;
  }

  private List<Path> segments() throws IOException {
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".spool")).sorted().toList();
    }
  }

  @Test
  void gives_back_after_a_restart_what_was_not_confirmed() throws IOException {
    try (Spool spool = Spool.open(folder, LARGE)) {
      spool.append(entry("one"));
      spool.append(entry("two"));
      spool.append(entry(""));
      spool.next();
      spool.confirm(spool.position());
      spool.next();
    }

    try (Spool spool = Spool.open(folder, LARGE)) {
      assertThat(rest(spool)).containsExactly("two", "");
      assertThat(spool.isEmpty()).isFalse();
      spool.confirm(spool.position());
      assertThat(spool.isEmpty()).isTrue();
      spool.append(entry("three"));
    }

    try (Spool spool = Spool.open(folder, LARGE)) {
      assertThat(rest(spool)).containsExactly("three");
    }
  }

  @Test
  void takes_no_more_than_it_may_hold_until_something_is_confirmed() throws IOException {
    try (Spool spool = Spool.open(folder, 100)) {
      spool.append(entry("x".repeat(60)));
      assertThatThrownBy(() -> spool.append(entry("x".repeat(60)))).hasMessageContaining("full");
      spool.next();
      spool.confirm(spool.position());

      spool.append(entry("y".repeat(60)));

      assertThat(rest(spool)).containsExactly("y".repeat(60));
    }
  }

  @Test
  void removes_segments_that_are_confirmed() throws IOException {
    try (Spool spool = Spool.open(folder, LARGE)) {
      for (int i = 0; i < 20; i++) {
        spool.append(new byte[1 << 20]);
      }
      assertThat(segments()).hasSizeGreaterThan(3);

      assertThat(rest(spool)).hasSize(20);
      spool.confirm(spool.position());

      assertThat(segments()).hasSizeLessThan(2);
    }
  }

  @Test
  void cuts_off_what_a_crash_left_half_written() throws IOException {
    try (Spool spool = Spool.open(folder, LARGE)) {
      spool.append(entry("one"));
      spool.append(entry("two"));
    }
    Path segment = segments().get(0);
    for (long size = Files.size(segment) - 1; size > 11; size--) {
      try (var file = new RandomAccessFile(segment.toFile(), "rw")) {
        file.setLength(size);
      }
      try (Spool spool = Spool.open(folder, LARGE)) {
        assertThat(rest(spool)).containsExactly("one");
      }
    }
    try (Spool spool = Spool.open(folder, LARGE)) {
      spool.append(entry("three"));
      assertThat(rest(spool)).containsExactly("one", "three");
    }
  }

  @Test
  void passes_over_a_damaged_segment() throws IOException {
    try (Spool spool = Spool.open(folder, LARGE)) {
      for (int i = 0; i < 9; i++) {
        spool.append(new byte[1 << 20]);
      }
      spool.append(entry("last"));
    }
    try (var file = new RandomAccessFile(segments().get(0).toFile(), "rw")) {
      file.seek(100);
      file.write(1);
    }

    try (Spool spool = Spool.open(folder, LARGE)) {
      assertThat(rest(spool)).hasSizeBetween(5, 6).endsWith("last");
    }
  }

  @Test
  void reads_everything_again_when_the_mark_is_damaged() throws IOException {
    try (Spool spool = Spool.open(folder, LARGE)) {
      spool.append(entry("one"));
      spool.next();
      spool.confirm(spool.position());
    }
    Files.write(folder.resolve("confirmed"), new byte[] {1, 2, 3});

    try (Spool spool = Spool.open(folder, LARGE)) {
      assertThat(rest(spool)).containsExactly("one");
    }
  }

  @Test
  void belongs_to_one_at_a_time() throws IOException {
    try (Spool spool = Spool.open(folder, LARGE)) {
      assertThat(spool.isEmpty()).isTrue();
      assertThatThrownBy(() -> Spool.open(folder, LARGE)).hasMessageContaining("in use");
    }
  }

  @Test
  void goes_on_after_a_thread_was_interrupted_while_it_wrote() throws IOException {
    try (Spool spool = Spool.open(folder, LARGE)) {
      spool.append(entry("one"));
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> spool.append(entry("two"))).isInstanceOf(IOException.class);
      assertThat(Thread.interrupted()).isTrue();

      spool.append(entry("three"));

      assertThat(rest(spool)).containsExactly("one", "three");
    }
  }

  @Test
  void keeps_what_is_appended_after_a_restart_without_segments() throws IOException {
    try (Spool spool = Spool.open(folder, LARGE)) {
      for (int i = 0; i < 5; i++) {
        spool.append(new byte[1 << 20]);
      }
      assertThat(rest(spool)).hasSize(5);
      spool.confirm(spool.position());
    }
    for (Path segment : segments()) {
      Files.delete(segment);
    }

    for (int i = 0; i < 3; i++) {
      try (Spool spool = Spool.open(folder, LARGE)) {
        spool.append(entry("e" + i));
      }
    }

    try (Spool spool = Spool.open(folder, LARGE)) {
      assertThat(rest(spool)).containsExactly("e0", "e1", "e2");
    }
  }

  @Test
  void keeps_what_is_appended_after_the_end_of_a_segment_was_lost() throws IOException {
    try (Spool spool = Spool.open(folder, LARGE)) {
      spool.append(entry("one"));
      spool.append(entry("two"));
      rest(spool);
      spool.confirm(spool.position());
    }
    try (var file = new RandomAccessFile(segments().get(0).toFile(), "rw")) {
      file.setLength(0);
    }

    for (int i = 0; i < 2; i++) {
      try (Spool spool = Spool.open(folder, LARGE)) {
        spool.append(entry("e" + i));
      }
    }

    try (Spool spool = Spool.open(folder, LARGE)) {
      assertThat(rest(spool)).containsExactly("e0", "e1");
    }
  }

  @Test
  void goes_on_after_its_folder_was_removed() throws IOException {
    Path made = folder.resolve("spool");
    try (Spool spool = Spool.open(made, LARGE)) {
      spool.append(entry("before"));
      try (var files = Files.list(made)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(made);
      for (int i = 0; i < 5; i++) {
        spool.append(new byte[1 << 20]);
      }
      spool.append(entry("after"));

      assertThat(rest(spool)).hasSize(7).startsWith("before").endsWith("after");
    }

    try (Spool spool = Spool.open(made, LARGE)) {
      assertThat(rest(spool)).endsWith("after");
    }
  }

  @Test
  void shows_events_to_its_owner_only() throws IOException {
    Path made = folder.resolve("spool");
    try (Spool spool = Spool.open(made, LARGE)) {
      spool.append(entry("one"));
    }

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
        .isEqualTo("rwx------");
    try (var files = Files.list(made)) {
      assertThat(files)
          .hasSize(3)
          .allSatisfy(
              file ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                      .isEqualTo("rw-------"));
    }
  }
}

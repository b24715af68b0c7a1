package io.restpipe.cef;

import static io.restpipe.cef.Records.TIME;
import static io.restpipe.cef.Records.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSinkTest {

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("security.log");
  }

  @Test
  void appends_a_line_for_each_record() throws IOException {
    Files.writeString(file, "before\n");

    try (FileSink sink = FileSink.builder(file).fsync(FileSink.Fsync.ALWAYS).open()) {
      sink.write(record("one"));
      sink.write(record("zwölf"));
    }

    assertThat(file).hasContent("before\none\nzwölf\n");
  }

  @Test
  void begins_lines_with_date_and_host_on_request() throws IOException {
    try (FileSink sink = FileSink.builder(file).prefix("my host", ZoneOffset.UTC).open()) {
      sink.write(record("CEF:0|…"));

      assertThat(sink.overhead()).isEqualTo("Nov 02 07:18:24 my_host ".length());
    }

    assertThat(file).hasContent("Nov 02 07:18:24 my_host CEF:0|…");
  }

  @Test
  void keeps_lines_whole_when_many_threads_and_sinks_write() throws Exception {
    int writers = 8;
    int lines = 500;
    try (FileSink one = FileSink.builder(file).open();
        FileSink other = FileSink.builder(file).open()) {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        FileSink sink = w % 2 == 0 ? one : other;
        String start = "w" + w;
        tasks.add(() -> writeLines(sink, start, lines));
      }
      var threads = Executors.newFixedThreadPool(writers);
      for (var done : threads.invokeAll(tasks)) {
        done.get();
      }
      threads.shutdown();
    }

    List<String> written = Files.readAllLines(file);
    assertThat(written).hasSize(writers * lines).allMatch(line -> line.matches("w\\d-\\d+-x{300}"));
    assertThat(new HashSet<>(written)).hasSize(writers * lines);
  }

  private static Void writeLines(FileSink sink, String start, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      sink.write(record(start + "-" + i + "-" + "x".repeat(300)));
    }
    return null;
  }

  @Test
  void goes_on_in_a_new_file_when_the_file_was_moved_or_removed() throws IOException {
    try (FileSink sink = FileSink.builder(file).open()) {
      sink.write(record("one"));
      Files.move(file, folder.resolve("moved"));
      sink.write(record("two"));
      Files.delete(file);
      sink.write(record("three"));
    }

    assertThat(folder.resolve("moved")).hasContent("one\n");
    assertThat(file).hasContent("three\n");
  }

  @Test
  void rotates_before_a_line_would_make_the_file_too_long() throws IOException {
    try (FileSink sink = FileSink.builder(file).rotateAt(10).keep(2).open()) {
      for (String line :
          new String[] {"aaaa", "bbbb", "cccc", "dddd", "eeeeeeeeeeeeee", "ffff", "g"}) {
        sink.write(record(line));
      }
    }

    assertThat(file).hasContent("ffff\ng\n");
    assertThat(folder.resolve("security.log.1")).hasContent("eeeeeeeeeeeeee\n");
    assertThat(folder.resolve("security.log.2")).hasContent("cccc\ndddd\n");
    assertThat(folder.resolve("security.log.3")).doesNotExist();
  }

  @Test
  void loses_nothing_when_two_sinks_rotate_the_same_file() throws Exception {
    int lines = 300;
    try (FileSink one = FileSink.builder(file).rotateAt(4000).keep(1000).open();
        FileSink other = FileSink.builder(file).rotateAt(4000).keep(1000).open()) {
      var threads = Executors.newFixedThreadPool(2);
      List<Callable<Void>> tasks =
          List.of(() -> writeLines(one, "a", lines), () -> writeLines(other, "b", lines));
      for (var done : threads.invokeAll(tasks)) {
        done.get();
      }
      threads.shutdown();
    }

    List<String> all = new ArrayList<>();
    try (var files = Files.list(folder)) {
      for (Path each : files.filter(path -> !path.toString().endsWith(".lock")).toList()) {
        all.addAll(Files.readAllLines(each));
      }
    }
    assertThat(all).hasSize(2 * lines).doesNotHaveDuplicates();
  }

  @Test
  void rotates_when_a_new_hour_begins() throws IOException {
    try (FileSink sink = FileSink.builder(file).rotateEvery(Duration.ofHours(1)).open()) {
      sink.write(record(TIME, "seven"));
      sink.write(record(TIME.plus(Duration.ofMinutes(41)), "seven"));
      sink.write(record(TIME.plus(Duration.ofMinutes(42)), "eight"));
    }

    assertThat(file).hasContent("eight\n");
    assertThat(folder.resolve("security.log.1")).hasContent("seven\nseven\n");
  }

  @Test
  void refuses_a_file_that_cannot_be_written_and_work_after_close() throws IOException {
    FileSink sink = FileSink.builder(file).open();
    sink.close();

    assertThatThrownBy(() -> sink.write(record("x"))).hasMessageContaining("was closed");
    assertThatThrownBy(() -> FileSink.builder(folder).open()).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> FileSink.builder(file).rotateAt(0)).hasMessageContaining("1 or more");
  }

  @Test
  void leaves_no_part_of_a_line_on_a_full_disk() throws IOException {
    Path full = Path.of("/dev/full");
    org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(full));

    try (FileSink sink = FileSink.builder(full).open()) {
      assertThatThrownBy(() -> sink.write(record("x"))).isInstanceOf(IOException.class);
    }
  }

  @Test
  void says_that_the_folder_is_missing_and_goes_on_once_it_is_there() throws IOException {
    Path deep = folder.resolve("a").resolve("log");
    String missing = "the folder " + deep.getParent() + " does not exist: make it";
    assertThatThrownBy(() -> FileSink.builder(deep).open()).hasMessage(missing);

    Files.createDirectory(deep.getParent());
    try (FileSink sink = FileSink.builder(deep).open()) {
      Files.delete(deep);
      Files.delete(deep.getParent());
      assertThatThrownBy(() -> sink.write(record("one"))).hasMessage(missing);
      Files.createDirectory(deep.getParent());
      sink.write(record("one"));
    }

    assertThat(deep).hasContent("one");
  }

  @Test
  void refuses_a_pipe_which_may_have_no_reader() throws Exception {
    var mkfifo = new ProcessBuilder("mkfifo", file.toString()).start();
    assertThat(mkfifo.waitFor()).isZero();

    assertThatThrownBy(() -> FileSink.builder(file).open())
        .hasMessage(file + " is a pipe, whose reader could stop the log: name a file, or stdout");
  }

  @Test
  void does_not_wait_for_a_process_that_holds_the_lock_of_rotation() throws Exception {
    try (FileSink sink = FileSink.builder(file).rotateAt(8).open()) {
      sink.write(record("one"));
      try (var other = new LockHolder(folder.resolve("security.log.lock"))) {
        sink.write(record("twelve"));
      }
      sink.write(record("three"));
    }

    assertThat(folder.resolve("security.log.1")).hasContent("one\ntwelve");
    assertThat(file).hasContent("three");
  }
}

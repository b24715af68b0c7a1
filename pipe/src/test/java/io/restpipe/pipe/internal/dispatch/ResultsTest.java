package io.restpipe.pipe.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.event.Body;
import io.restpipe.event.Reply;
import io.restpipe.event.Response;
import io.restpipe.event.ReturnCode;
import io.restpipe.event.ServerEventHandler;
import io.restpipe.event.Verb;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SubmissionPublisher;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a handler returns, and what its caller gets; each asked of both kinds of thread. */
class ResultsTest {

  record Point(int x, int y) {}

  @SuppressWarnings("unused")
  static final class Bean {

    public String getName() {
      return "bean";
    }

    public Optional<String> getNothing() {
      return Optional.empty();
    }
  }

  enum Color {
    RED
  }

  interface Result {
    @Nullable Object get() throws Exception;
  }

  private static Reply reply(Result result) {
    var handler = new ServerEventHandler();
    handler.on(Verb.GET, "blocking", (context, data) -> result.get());
    try (var node = new Dispatching(handler)) {
      Reply reply = node.get("blocking");
      byte[] bytes = reply.bytes();
      return new Reply(reply.code(), reply.mimeType(), reply.headers(), Body.of(bytes));
    }
  }

  private static Reply nonBlocking(Result result) {
    var handler = new ServerEventHandler();
    handler.onNonBlocking(Verb.GET, "loop", (context, data) -> result.get());
    try (var node = new Dispatching(handler)) {
      Reply reply = node.get("loop");
      byte[] bytes = reply.bytes();
      return new Reply(reply.code(), reply.mimeType(), reply.headers(), Body.of(bytes));
    }
  }

  static Stream<Arguments> values() {
    var cyclicFree = new LinkedHashMap<String, Object>();
    cyclicFree.put("a", null);
    cyclicFree.put("b", List.of(1, 2.5, true));
    return Stream.of(
        Arguments.of("text \"ä\"", "\"text \\\"ä\\\"\""),
        Arguments.of("", "\"\""),
        Arguments.of(7, "7"),
        Arguments.of(1.5, "1.5"),
        Arguments.of(true, "true"),
        Arguments.of('x', "\"x\""),
        Arguments.of(new Point(1, 2), "{\"x\":1,\"y\":2}"),
        Arguments.of(new Bean(), "{\"name\":\"bean\",\"nothing\":null}"),
        Arguments.of(Color.RED, "\"RED\""),
        Arguments.of(cyclicFree, "{\"a\":null,\"b\":[1,2.5,true]}"),
        Arguments.of(Arrays.asList(1, null), "[1,null]"),
        Arguments.of(new int[] {1, 2}, "[1,2]"),
        Arguments.of(List.of(), "[]"),
        Arguments.of(Optional.of(1), "1"),
        Arguments.of(OptionalInt.of(3), "3"),
        Arguments.of(new UUID(1, 2), "\"00000000-0000-0001-0000-000000000002\""),
        Arguments.of(Instant.EPOCH, "\"1970-01-01T00:00:00Z\""),
        Arguments.of(LocalDate.of(2026, 1, 31), "\"2026-01-31\""),
        Arguments.of(Duration.ofSeconds(90), "\"PT1M30S\""),
        Arguments.of(new Object(), "{}"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void any_value_is_json(Object value, String json) {
    for (Reply reply : List.of(reply(() -> value), nonBlocking(() -> value))) {
      assertThat(reply.text()).isEqualTo(json);
      assertThat(reply.mimeType()).isEqualTo("application/json");
      assertThat(reply.code()).isZero();
    }
  }

  @Test
  void null_is_an_empty_body() {
    for (Reply reply : List.of(reply(() -> null), nonBlocking(() -> null))) {
      assertThat(reply.bytes()).isEmpty();
      assertThat(reply.code()).isZero();
      assertThat(reply.mimeType()).isEmpty();
    }
  }

  private static final byte[] BYTES = {0, 1, (byte) 0xff};

  static Stream<Result> streams() {
    return Stream.of(
        () -> BYTES,
        () -> ByteBuffer.wrap(BYTES),
        () -> Body.of(BYTES),
        () -> new ByteArrayInputStream(BYTES),
        () -> Body.from(new ByteArrayInputStream(BYTES), 3, Runnable::run),
        ResultsTest::publisher);
  }

  private static Flow.Publisher<ByteBuffer> publisher() {
    return subscriber -> {
      var publisher = new SubmissionPublisher<ByteBuffer>();
      publisher.subscribe(subscriber);
      publisher.submit(ByteBuffer.wrap(BYTES, 0, 1));
      publisher.submit(ByteBuffer.wrap(BYTES, 1, 2));
      publisher.close();
    };
  }

  @ParameterizedTest
  @MethodSource("streams")
  void bytes_and_streams_are_sent_as_they_are(Result result) {
    for (Reply reply : List.of(reply(result), nonBlocking(result))) {
      assertThat(reply.bytes()).isEqualTo(BYTES);
      assertThat(reply.mimeType()).isEqualTo("application/octet-stream");
    }
    Reply labelled = reply(() -> Response.of("image/x", 7, result.get()));
    assertThat(labelled.bytes()).isEqualTo(BYTES);
    assertThat(labelled.mimeType()).isEqualTo("image/x");
    assertThat(labelled.code()).isEqualTo(7);
    assertThat(reply(() -> Response.json(result.get())).bytes()).isEqualTo(BYTES);
  }

  @ParameterizedTest
  @CsvSource({
    "a.txt, text/plain",
    "a.JSON, application/json",
    "a.tar.gz, application/gzip",
    "a.html, text/html",
    "none, application/octet-stream",
    ".hidden-of-no-type, application/octet-stream",
    "a.unknown-ending, application/octet-stream"
  })
  void a_file_is_streamed_with_the_type_of_its_name(
      String name, String mimeType, @TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve(name), BYTES);

    for (Reply reply : List.of(reply(() -> file), nonBlocking(() -> file))) {
      assertThat(reply.bytes()).isEqualTo(BYTES);
      assertThat(reply.mimeType()).isEqualTo(mimeType);
    }
    assertThat(reply(() -> Response.of("a/b", file)).mimeType()).isEqualTo("a/b");
  }

  @Test
  void a_file_keeps_its_length(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("a"), new byte[100_000]);
    var handler = new ServerEventHandler();
    handler.on(Verb.GET, "file", (context, data) -> file);
    try (var node = new Dispatching(handler)) {
      Reply reply = node.get("file");
      assertThat(reply.body().length()).isEqualTo(100_000);
      assertThat(reply.bytes()).hasSize(100_000);
    }
  }

  @Test
  void a_missing_file_is_an_exception(@TempDir Path folder) {
    Path missing = folder.resolve("missing");

    for (Reply reply : List.of(reply(() -> missing), nonBlocking(() -> missing))) {
      assertThat(reply.code()).isEqualTo(ReturnCode.EXCEPTION);
      assertThat(reply.text()).contains("NoSuchFileException");
    }
  }

  @Test
  void a_reply_is_sent_as_it_is() {
    Reply given = Reply.of(17, "a/b", Body.of("x"));

    assertThat(reply(() -> given).code()).isEqualTo(17);
    assertThat(reply(() -> given).mimeType()).isEqualTo("a/b");
    assertThat(reply(() -> given).text()).isEqualTo("x");
  }

  static Stream<Arguments> responses() {
    return Stream.of(
        Arguments.of(Response.json("text"), "\"text\""),
        Arguments.of(Response.json(null), ""),
        Arguments.of(Response.json(new Point(1, 2)), "{\"x\":1,\"y\":2}"),
        Arguments.of(Response.of("application/problem+json", Map.of("a", 1)), "{\"a\":1}"),
        Arguments.of(Response.of("Application/JSON; charset=utf-8", List.of(1)), "[1]"),
        Arguments.of(Response.text("größe"), "größe"),
        Arguments.of(Response.of("text/csv", new StringBuilder("a,b")), "a,b"),
        Arguments.of(Response.of("text/plain", 42), "42"),
        Arguments.of(Response.of("text/plain", true), "true"),
        Arguments.of(Response.of("text/plain", 'c'), "c"),
        Arguments.of(Response.of("", "as it is"), "as it is"),
        Arguments.of(Response.of("text/plain", null), ""));
  }

  @ParameterizedTest
  @MethodSource("responses")
  void a_response_says_how_its_data_is_sent(Response response, String text) {
    Reply reply = reply(() -> response);

    assertThat(reply.code()).isZero();
    assertThat(reply.mimeType()).isEqualTo(response.mimeType());
    assertThat(reply.text()).isEqualTo(text);
  }

  @Test
  void text_is_sent_in_the_charset_of_its_type() {
    Reply reply = reply(() -> Response.of("text/plain; charset=\"ISO-8859-1\"", "ä"));

    assertThat(reply.bytes()).isEqualTo("ä".getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void headers_and_codes_of_a_response_arrive() {
    Reply reply = reply(() -> Response.json(404, "no").header("X-A", "b"));

    assertThat(reply.code()).isEqualTo(404);
    assertThat(reply.headers().first("x-a")).hasValue("b");
  }

  static Stream<Arguments> unsayable() {
    var cycle = new ArrayList<Object>();
    cycle.add(cycle);
    Object throwing =
        new Object() {
          @SuppressWarnings("unused")
          public String getName() {
            throw new IllegalStateException("getter failed");
          }
        };
    return Stream.of(
        Arguments.of(cycle, ""),
        Arguments.of(throwing, "getter failed"),
        Arguments.of(Response.of("text/plain", new Point(1, 2)), "cannot be sent as text/plain"),
        Arguments.of(Response.of("", Map.of()), "without a media type"),
        Arguments.of(Response.of("text/plain; charset=nope", "x"), "charset is not known: nope"));
  }

  @ParameterizedTest
  @MethodSource("unsayable")
  void what_cannot_be_encoded_is_an_exception_and_no_hang(Object result, String message) {
    for (Reply reply : List.of(reply(() -> result), nonBlocking(() -> result))) {
      assertThat(reply.code()).isEqualTo(ReturnCode.EXCEPTION);
      assertThat(Dispatching.exception(reply).path("message").asString()).contains(message);
    }
  }

  static Stream<Result> later() {
    return Stream.of(
        () -> CompletableFuture.completedFuture("done"),
        () -> CompletableFuture.supplyAsync(() -> "done"),
        () -> CompletableFuture.supplyAsync(() -> "done").minimalCompletionStage(),
        () -> CompletableFuture.completedFuture(CompletableFuture.supplyAsync(() -> "done")),
        () -> CompletableFuture.supplyAsync(() -> Response.json("done")));
  }

  @ParameterizedTest
  @MethodSource("later")
  void a_stage_is_answered_when_it_completes(Result result) {
    assertThat(reply(result).text()).isEqualTo("\"done\"");
    assertThat(nonBlocking(result).text()).isEqualTo("\"done\"");
  }

  @Test
  void a_stage_that_gives_a_file_reads_it_elsewhere(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("a.txt"), "file");

    assertThat(nonBlocking(() -> CompletableFuture.supplyAsync(() -> file)).text())
        .isEqualTo("file");
  }

  @Test
  void a_stage_that_fails_is_an_exception() {
    Result failing =
        () ->
            CompletableFuture.supplyAsync(
                () -> {
                  throw new IllegalStateException("later");
                });

    for (Reply reply : List.of(reply(failing), nonBlocking(failing))) {
      var exception = Dispatching.exception(reply);
      assertThat(exception.path("message").asString()).isEqualTo("later");
      assertThat(exception.path("class").asString()).isEqualTo("java.lang.IllegalStateException");
    }
  }

  @Test
  void a_plain_future_is_waited_for_on_a_handler_thread_only() {
    Result future =
        () -> {
          var task = new FutureTask<Object>(() -> "done");
          new Thread(task).start();
          return task;
        };
    var never = new FutureTask<Object>(() -> "done");

    assertThat(reply(future).text()).isEqualTo("\"done\"");
    assertThat(nonBlocking(() -> never).text()).contains("return a CompletionStage");
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new IllegalStateException(), "java.lang.IllegalStateException"),
        Arguments.of(new Exception("checked"), "checked"),
        Arguments.of(new StackOverflowError(), "java.lang.StackOverflowError"),
        Arguments.of(new OutOfMemoryError("no"), "no"),
        Arguments.of(new NoClassDefFoundError("a/B"), "a/B"),
        Arguments.of(
            new RuntimeException("hides") {
              private static final long serialVersionUID = 1L;

              @Override
              public String getMessage() {
                throw new IllegalStateException("broken");
              }
            },
            "io.restpipe.pipe.internal.dispatch.ResultsTest$"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void whatever_is_thrown_is_answered(Throwable thrown, String message) {
    Result failing =
        () -> {
          if (thrown instanceof Error error) {
            throw error;
          }
          throw (Exception) thrown;
        };

    for (Reply reply : List.of(reply(failing), nonBlocking(failing))) {
      assertThat(reply.code()).isEqualTo(ReturnCode.EXCEPTION);
      assertThat(reply.mimeType()).isEqualTo("application/json");
      assertThat(Dispatching.exception(reply).path("message").asString()).contains(message);
    }
  }

  @Test
  void endless_recursion_is_answered() {
    assertThat(reply(() -> recurse(1)).code()).isEqualTo(ReturnCode.EXCEPTION);
  }

  private static int recurse(int depth) {
    return depth == Integer.MIN_VALUE ? 0 : recurse(depth + 1) + 1;
  }

  @Test
  void tracebacks_and_messages_are_bounded() {
    var chain = new Exception("x".repeat(1_000_000));
    for (int i = 0; i < 1000; i++) {
      chain = new Exception("cause " + i, chain);
    }
    Exception last = new Exception("y".repeat(1_000_000), chain);
    Reply reply =
        reply(
            () -> {
              throw last;
            });

    var exception = Dispatching.exception(reply);
    assertThat(exception.path("traceback").asString()).hasSizeLessThanOrEqualTo(64 * 1024);
    assertThat(exception.path("message").asString()).hasSizeLessThanOrEqualTo(16 * 1024 + 1);
  }

  @Test
  void collections_that_change_nothing_are_sent_compactly() {
    assertThat(reply(() -> Collections.nCopies(3, Map.of("a", List.of()))).text())
        .isEqualTo("[{\"a\":[]},{\"a\":[]},{\"a\":[]}]");
  }
}

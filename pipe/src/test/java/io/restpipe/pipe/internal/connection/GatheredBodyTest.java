package io.restpipe.pipe.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.restpipe.event.Chunk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GatheredBodyTest {

  private final List<ByteBuf> pieces =
      Stream.of("one ", "two ", "three")
          .map(text -> Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII))
          .toList();
  private final GatheredBody body = new GatheredBody(new ArrayDeque<>(pieces), 13);
  private final Reader reader = new Reader();

  /** Notes what comes; asks for nothing by itself. */
  private static final class Reader implements Flow.Subscriber<Chunk> {

    private final List<String> got = new ArrayList<>();
    private final List<Chunk> chunks = new ArrayList<>();
    private Flow.Subscription subscription;

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
    }

    @Override
    public void onNext(Chunk chunk) {
      got.add(StandardCharsets.US_ASCII.decode(chunk.buffer().duplicate()).toString());
      chunks.add(chunk);
    }

    @Override
    public void onError(Throwable failure) {
      got.add(failure.getClass().getSimpleName());
    }

    @Override
    public void onComplete() {
      got.add("complete");
    }
  }

  private List<Integer> references() {
    return pieces.stream().map(ByteBuf::refCnt).toList();
  }

  @Test
  void hands_out_as_many_pieces_as_are_asked_for() {
    body.subscribe(reader);
    assertThat(reader.got).isEmpty();

    reader.subscription.request(1);
    assertThat(reader.got).containsExactly("one ");
    reader.subscription.request(2);
    assertThat(reader.got).containsExactly("one ", "two ", "three", "complete");

    assertThat(references()).containsExactly(1, 1, 1);
    reader.chunks.forEach(Chunk::release);
    reader.chunks.forEach(Chunk::release);
    assertThat(references()).containsExactly(0, 0, 0);
  }

  @Test
  void is_read_once() throws IOException {
    try (InputStream in = body.stream()) {
      assertThat(in.readAllBytes()).asString().isEqualTo("one two three");
    }
    body.subscribe(reader);
    reader.subscription.request(1);

    assertThat(reader.got).containsExactly("IllegalStateException");
    assertThat(references()).containsExactly(0, 0, 0);
  }

  @Test
  void is_collected_at_once() {
    assertThat(body.aggregate(13).join()).asString().isEqualTo("one two three");
    assertThat(references()).containsExactly(0, 0, 0);
  }

  @Test
  void what_is_not_read_is_released_by_discarding_or_cancelling() {
    body.subscribe(reader);
    reader.subscription.request(1);
    reader.chunks.get(0).release();

    reader.subscription.cancel();
    reader.subscription.request(1);
    body.discard();

    assertThat(reader.got).containsExactly("one ");
    assertThat(references()).containsExactly(0, 0, 0);
  }

  @Test
  void a_reader_hears_that_the_body_was_discarded() {
    body.subscribe(reader);
    body.discard();
    reader.subscription.request(1);

    assertThat(reader.got).containsExactly("BodyException");
    assertThat(references()).containsExactly(0, 0, 0);
    assertThatThrownBy(() -> body.stream().read())
        .hasStackTraceContaining("read or discarded already");
  }

  @Test
  void a_request_for_nothing_ends_it() {
    body.subscribe(reader);
    reader.subscription.request(0);

    assertThat(reader.got).containsExactly("IllegalArgumentException");
    assertThat(references()).containsExactly(0, 0, 0);
  }

  @Test
  void an_empty_one_is_complete_at_once() {
    var empty = new GatheredBody(new ArrayDeque<>(), 0);
    empty.subscribe(reader);

    assertThat(reader.got).containsExactly("complete");
    pieces.forEach(ByteBuf::release);
  }
}

package io.restpipe.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import org.junit.jupiter.api.Test;

class PublisherBodyTest {

  /** Publishes its elements as they are asked for, whatever they are. */
  private static final class Listed implements Flow.Publisher<ByteBuffer> {

    private final List<?> elements;
    private boolean cancelled;

    Listed(Object... elements) {
      this.elements = List.of(elements);
    }

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"}) // What a handler's publisher can get wrong.
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
      var unchecked = (Flow.Subscriber) subscriber;
      unchecked.onSubscribe(
          new Flow.Subscription() {
            private int next;

            @Override
            public void request(long n) {
              for (long i = 0; i < n && next < elements.size() && !cancelled; i++) {
                unchecked.onNext(elements.get(next++));
              }
              if (next == elements.size() && !cancelled) {
                next++;
                unchecked.onComplete();
              }
            }

            @Override
            public void cancel() {
              cancelled = true;
            }
          });
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Recorder read(Flow.Publisher<ByteBuffer> publisher, long length) throws Exception {
    var recorder = new Recorder(Long.MAX_VALUE);
    Body.from(publisher, length).subscribe(recorder);
    return recorder.awaitEnd();
  }

  @Test
  void buffers_arrive_in_order() throws Exception {
    Recorder recorder = read(new Listed(bytes("hello "), bytes(""), bytes("world")), 11);

    assertThat(recorder.bytes()).asString().isEqualTo("hello world");
    assertThat(recorder.complete).isTrue();
  }

  @Test
  void a_publisher_on_another_thread_is_read_to_its_end() throws Exception {
    try (var publisher = new SubmissionPublisher<ByteBuffer>()) {
      var recorder = new Recorder(Long.MAX_VALUE);
      Body.from(publisher, Body.UNKNOWN_LENGTH).subscribe(recorder);
      for (int i = 0; i < 100; i++) {
        publisher.submit(bytes("x"));
      }
      publisher.close();

      assertThat(recorder.awaitEnd().bytes()).hasSize(100);
    }
  }

  @Test
  void more_than_announced_breaks_off() throws Exception {
    var publisher = new Listed(bytes("hello"), bytes("world"));

    assertThat(read(publisher, 7).failure)
        .hasMessage("publisher gave more than the 7 bytes that it announced");
    assertThat(publisher.cancelled).isTrue();
  }

  @Test
  void less_than_announced_breaks_off() throws Exception {
    Recorder recorder = read(new Listed(bytes("hello")), 7);

    assertThat(recorder.failure).hasMessage("publisher ended after 5 of 7 bytes");
    assertThat(recorder.ends).hasValue(1);
  }

  @Test
  void another_element_than_a_buffer_breaks_off() throws Exception {
    var publisher = new Listed("text");

    assertThat(read(publisher, Body.UNKNOWN_LENGTH).failure)
        .hasMessage("publisher gave a java.lang.String, not a ByteBuffer");
    assertThat(publisher.cancelled).isTrue();
  }

  @Test
  void a_publisher_that_throws_fails_the_body() throws Exception {
    Recorder recorder =
        read(
            subscriber -> {
              throw new IllegalStateException("no");
            },
            Body.UNKNOWN_LENGTH);

    assertThat(recorder.failure).hasMessage("no");
  }

  @Test
  void discarding_cancels_the_publisher() {
    var publisher = new Listed(bytes("hello"));

    Body.from(publisher, Body.UNKNOWN_LENGTH).discard();

    assertThat(publisher.cancelled).isTrue();
  }

  @Test
  void a_second_subscriber_is_refused() throws Exception {
    Body body = Body.from(new Listed(bytes("hello")), 5);
    body.subscribe(new Recorder(Long.MAX_VALUE));
    var second = new Recorder(1);
    body.subscribe(second);

    assertThat(second.awaitEnd().failure).isInstanceOf(IllegalStateException.class);
  }
}

package io.restpipe.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BytesBodyTest {

  @Test
  void it_is_whole_and_may_be_read_often() throws Exception {
    Body body = Body.of("hello");
    body.whole().get();
    var one = new Recorder(1);
    var two = new Recorder(Long.MAX_VALUE);
    body.subscribe(one);
    body.subscribe(two);

    assertThat(body.whole().remaining()).isEqualTo(5);
    assertThat(body.length()).isEqualTo(5);
    assertThat(one.awaitEnd().bytes()).asString().isEqualTo("hello");
    assertThat(two.awaitEnd().bytes()).asString().isEqualTo("hello");
    assertThat(one.complete).isTrue();
  }

  @Test
  void it_waits_to_be_asked_and_obeys_a_cancellation() {
    var recorder = new Recorder(0);
    Body.of("hello").subscribe(recorder);
    recorder.subscription.cancel();
    recorder.subscription.request(1);

    assertThat(recorder.chunks).hasValue(0);
    assertThat(recorder.ends).hasValue(0);
  }

  @Test
  void a_request_for_nothing_is_an_error() throws Exception {
    var recorder = new Recorder(0);
    Body.of("hello").subscribe(recorder);
    recorder.subscription.request(0);

    assertThat(recorder.awaitEnd().failure).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void only_the_bytes_from_position_to_limit_count_and_the_buffer_is_left_alone() {
    ByteBuffer buffer = ByteBuffer.wrap(new byte[] {0, 1, 2, 3}, 1, 2);

    Body body = Body.of(buffer);
    buffer.position(3);

    assertThat(body.aggregate(10).join()).containsExactly(1, 2);
    assertThat(body.whole().isReadOnly()).isTrue();
    assertThat(body).hasToString("Body of 2 bytes");
  }

  @Test
  void an_empty_body_is_empty() throws Exception {
    assertThat(Body.of(new byte[0])).isSameAs(Body.empty());
    assertThat(Body.empty().isEmpty()).isTrue();
    var recorder = new Recorder(1);
    Body.empty().subscribe(recorder);
    assertThat(recorder.awaitEnd().complete).isTrue();
    assertThat(recorder.chunks).hasValue(0);
  }
}

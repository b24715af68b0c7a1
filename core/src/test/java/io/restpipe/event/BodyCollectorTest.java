package io.restpipe.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BodyCollectorTest {

  @Test
  void a_body_in_memory_is_there_at_once() {
    assertThat(Body.of("hello").aggregate(5).join()).asString().isEqualTo("hello");
  }

  @Test
  void an_empty_body_is_collected_with_limit_zero() {
    assertThat(Body.empty().aggregate(0).join()).isEmpty();
    var body = new ScriptedBody();
    CompletableFuture<byte[]> collected = body.aggregate(0);
    body.subscriber.onComplete();
    assertThat(collected.join()).isEmpty();
  }

  @Test
  void a_longer_body_in_memory_fails() {
    assertTooLarge(Body.of("hello").aggregate(4));
  }

  @Test
  void a_body_that_announces_too_much_is_discarded_unread() {
    var body = new ScriptedBody(11);

    assertTooLarge(body.aggregate(10));
    assertThat(body.discarded).isTrue();
    assertThat(body.subscriber).isNull();
  }

  @Test
  void a_body_that_turns_out_too_long_is_cancelled_and_holds_nothing() {
    var body = new ScriptedBody();
    CompletableFuture<byte[]> collected = body.aggregate(3);
    body.give((byte) 1, (byte) 2);
    body.give((byte) 3, (byte) 4);
    body.give((byte) 5);

    assertTooLarge(collected);
    assertThat(body.cancelled).isTrue();
    assertThat(body.held).hasValue(0);
  }

  @Test
  void cancelling_the_future_cancels_the_body_and_releases_what_still_comes() {
    var body = new ScriptedBody();
    CompletableFuture<byte[]> collected = body.aggregate(100);
    body.give((byte) 1);

    collected.cancel(true);
    body.give((byte) 2);

    assertThat(body.cancelled).isTrue();
    assertThat(body.held).hasValue(0);
  }

  @Test
  void a_body_that_breaks_off_fails_with_its_cause() {
    var body = new ScriptedBody();
    CompletableFuture<byte[]> collected = body.aggregate(100);
    body.give((byte) 1);
    var broken = new BodyException(BodyException.Reason.BROKEN_OFF, "gone");
    body.subscriber.onError(broken);

    assertThatThrownBy(collected::get).cause().isSameAs(broken);
  }

  @Test
  void an_announced_length_takes_no_memory_beforehand() {
    var body = new ScriptedBody(Integer.MAX_VALUE - 8);
    CompletableFuture<byte[]> collected = body.aggregate(Integer.MAX_VALUE);
    body.give((byte) 1);
    body.subscriber.onComplete();

    assertThat(collected.join()).containsExactly(1);
  }

  @Property(tries = 200)
  void any_split_into_chunks_is_put_together_again(
      @ForAll @Size(max = 3000) byte[] bytes, @ForAll @IntRange(min = 1, max = 700) int piece) {
    var body = new ScriptedBody();
    CompletableFuture<byte[]> collected = body.aggregate(bytes.length);
    for (int at = 0; at < bytes.length; at += piece) {
      var chunk = new byte[Math.min(piece, bytes.length - at)];
      ByteBuffer.wrap(bytes, at, chunk.length).get(chunk);
      body.give(chunk);
    }
    body.subscriber.onComplete();

    assertThat(collected.join()).isEqualTo(bytes);
    assertThat(body.held).hasValue(0);
  }

  private static void assertTooLarge(CompletableFuture<byte[]> collected) {
    assertThatThrownBy(collected::get)
        .cause()
        .isInstanceOfSatisfying(
            BodyException.class,
            failure -> assertThat(failure.reason()).isEqualTo(BodyException.Reason.TOO_LARGE));
  }
}

package io.restpipe.pipe.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.restpipe.event.Headers;
import io.restpipe.event.Verb;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FrameWriterTest {

  private static final EventHead EVENT =
      new EventHead("e-1", Verb.GET, "time", List.of(), "", Headers.empty(), "", -1, 20_000, false);

  static Stream<Arguments> refusals() {
    String a = "a";
    return Stream.of(
        refused("id must have 1 to 255 bytes: 0", out -> event(out, "", "", List.of())),
        refused(
            "id must have 1 to 255 bytes: 256", out -> event(out, a.repeat(256), "", List.of())),
        refused(
            "id must be printable ASCII: character 10 at 1",
            out -> event(out, "a\n", "", List.of())),
        refused(
            "noun must have at most 4096 bytes: 4098",
            out -> event(out, a, "é".repeat(2049), List.of())),
        refused("noun has half a surrogate pair at 1", out -> event(out, a, "a\ud834", List.of())),
        refused(
            "parameter has half a surrogate pair at 0",
            out -> event(out, a, "", List.of("\udd1ea"))),
        refused(
            "parameter must have at most 32768 bytes: 32769",
            out -> event(out, a, "", List.of(a.repeat(32_769)))),
        refused(
            "at most 1024 parameters are allowed: 1025",
            out -> event(out, a, "", Collections.nCopies(1025, ""))),
        refused(
            "head must have at most 65536 bytes: 98325",
            out -> event(out, a, "", Collections.nCopies(3, a.repeat(32_768)))),
        refused(
            "at most 256 headers are allowed: 257",
            out -> FrameWriter.reply(out, 1, reply(0, headers(257, "v")), true)),
        refused(
            "header value must have at most 32768 bytes: 32769",
            out -> FrameWriter.reply(out, 1, reply(0, headers(1, a.repeat(32_769))), true)),
        refused(
            "code must be 0 to 999: 1000",
            out -> FrameWriter.reply(out, 1, reply(1000, Headers.empty()), true)),
        refused(
            "code must be 0 to 999: -1",
            out -> FrameWriter.reply(out, 1, reply(-1, Headers.empty()), true)),
        refused(
            "body length must be 0 or unknown where no body follows: 5",
            out -> FrameWriter.event(out, 1, withLength(5), true)),
        refused(
            "body length must be -1 or more: -2",
            out -> FrameWriter.event(out, 1, withLength(-2), false)),
        refused("stream must be 1 to 2147483647: 0", out -> FrameWriter.event(out, 0, EVENT, true)),
        refused(
            "stream must be 1 to 2147483647: -1", out -> FrameWriter.dataHeader(out, -1, 1, false)),
        refused(
            "DATA length must be 1 to 16374: 0", out -> FrameWriter.dataHeader(out, 1, 0, false)),
        refused(
            "DATA length must be 0 to 16374: 16375",
            out -> FrameWriter.dataHeader(out, 1, 16_375, true)),
        refused("credit must be 1 to 2147483647: 0", out -> FrameWriter.credit(out, 0, 0)),
        refused("stream must be 0 to 2147483647: -1", out -> FrameWriter.credit(out, -1, 1)),
        refused(
            "instance must have 1 to 64 bytes: 0",
            out -> FrameWriter.hello(out, hello("", List.of(), Map.of(), 1))),
        refused(
            "max streams must be 0 to 2147483647: -1",
            out -> FrameWriter.hello(out, hello("i", List.of(), Map.of(), -1))),
        refused(
            "at most 64 groups are allowed: 65",
            out -> FrameWriter.hello(out, hello("i", Collections.nCopies(65, "g"), Map.of(), 1))),
        refused(
            "group must have 1 to 255 bytes: 0",
            out -> FrameWriter.hello(out, hello("i", List.of(""), Map.of(), 1))),
        refused(
            "label name must have 1 to 64 bytes: 0",
            out -> FrameWriter.hello(out, hello("i", List.of(), Map.of("", "v"), 1))),
        refused(
            "retry maximum must be 10 to 2147483647: 9",
            out -> FrameWriter.goAway(out, goAway("", 10, 9))));
  }

  private static Arguments refused(String message, Consumer<ByteBuf> write) {
    return Arguments.of(message, write);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void what_cannot_be_sent_is_refused_and_leaves_nothing_behind(
      String message, Consumer<ByteBuf> write) {
    ByteBuf out = Unpooled.buffer().writeByte(42);

    assertThatThrownBy(() -> write.accept(out))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);

    assertThat(out.readableBytes()).isEqualTo(1);
  }

  @Test
  void what_is_just_within_the_limits_arrives() throws Exception {
    var frames = new ArrayList<Frames>();
    frames.add(
        new Frames.EventFrame(
            1, head("i".repeat(255), "é".repeat(2048), List.of("p".repeat(32_768)), 0), true));
    frames.add(new Frames.EventFrame(3, head("i", "", Collections.nCopies(1024, ""), -1), false));
    frames.add(
        new Frames.ReplyFrame(1, new ReplyHead(999, "m".repeat(256), headers(256, "v"), 0), true));
    frames.add(
        new Frames.HelloFrame(
            hello("i".repeat(64), Collections.nCopies(64, "g".repeat(255)), Map.of("a", ""), 1)));

    ByteBuf out = Unpooled.buffer();
    frames.forEach(frame -> frame.writeTo(out));
    var received = new Received();
    new FrameReader(received).read(out);

    assertThat(received.frames()).isEqualTo(frames);
  }

  @Test
  void a_text_that_is_too_long_is_cut_between_two_characters() throws Exception {
    ByteBuf out = Unpooled.buffer();
    FrameWriter.cancel(out, 1, CancelCode.INTERNAL, "a" + "𝄞".repeat(400));
    FrameWriter.cancel(out, 1, CancelCode.INTERNAL, "x".repeat(1024));
    FrameWriter.goAway(out, goAway("né" + "時".repeat(2000), 0, 0));

    var received = new Received();
    new FrameReader(received).read(out);

    assertThat(received.frames())
        .containsExactly(
            new Frames.CancelFrame(1, CancelCode.INTERNAL, "a" + "𝄞".repeat(255)),
            new Frames.CancelFrame(1, CancelCode.INTERNAL, "x".repeat(1024)),
            new Frames.GoAwayFrame(goAway("né" + "時".repeat(340), 0, 0)));
  }

  @Test
  void a_timeout_is_sent_within_its_bounds() throws Exception {
    ByteBuf out = Unpooled.buffer();
    for (long timeout : new long[] {-5, 0, 1, Long.MAX_VALUE}) {
      FrameWriter.event(
          out,
          1,
          new EventHead("i", Verb.GET, "", List.of(), "", Headers.empty(), "", 0, timeout, false),
          true);
    }

    var received = new Received();
    new FrameReader(received).read(out);

    assertThat(received.frames())
        .extracting(frame -> ((Frames.EventFrame) frame).head().timeoutMillis())
        .containsExactly(1L, 1L, 1L, Limits.TIMEOUT_MILLIS);
  }

  private static void event(ByteBuf out, String id, String noun, List<String> parameters) {
    FrameWriter.event(out, 1, head(id, noun, parameters, -1), false);
  }

  private static EventHead head(String id, String noun, List<String> parameters, long length) {
    return new EventHead(
        id, Verb.GET, noun, parameters, "", Headers.empty(), "", length, 20_000, false);
  }

  private static EventHead withLength(long length) {
    return head("e-1", "time", List.of(), length);
  }

  private static ReplyHead reply(int code, Headers headers) {
    return new ReplyHead(code, "", headers, 0);
  }

  private static Headers headers(int count, String value) {
    var flat = new String[2 * count];
    for (int i = 0; i < count; i++) {
      flat[2 * i] = "n" + i;
      flat[2 * i + 1] = value;
    }
    return Headers.of(flat);
  }

  private static Hello hello(
      String instance, List<String> groups, Map<String, String> labels, int maxStreams) {
    return new Hello(instance, 1, "", List.of(), groups, labels, maxStreams, 1, 1, 5000, List.of());
  }

  private static GoAway goAway(String text, int retryMin, int retryMax) {
    return new GoAway(1, GoAway.Reason.DRAINING, text, retryMin, retryMax, List.of());
  }
}

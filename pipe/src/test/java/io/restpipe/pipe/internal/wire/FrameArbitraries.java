package io.restpipe.pipe.internal.wire;

import io.restpipe.event.Headers;
import io.restpipe.event.Principal;
import io.restpipe.event.Verb;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import net.jqwik.api.arbitraries.StringArbitrary;

/** All frames that may be sent. */
final class FrameArbitraries {

  private static final Arbitrary<Integer> ANY_WHOLE = Arbitraries.integers().greaterOrEqual(0);
  private static final Arbitrary<Integer> STREAM = Arbitraries.integers().greaterOrEqual(1);
  private static final Arbitrary<Boolean> END = Arbitraries.of(true, false);

  private FrameArbitraries() {}

  static Arbitrary<Frames> frames() {
    return Arbitraries.oneOf(
        hellos(), events(), replies(), datas(), credits(), cancels(), pings(), goAways());
  }

  static Arbitrary<Frames> hellos() {
    return Combinators.combine(
            printable(64),
            Arbitraries.longs().greaterOrEqual(0),
            text(80),
            printable(64).list().ofMaxSize(5),
            text(60).filter(group -> !group.isEmpty()).list().ofMaxSize(5),
            Arbitraries.maps(text(16).filter(name -> !name.isEmpty()), text(60)).ofMaxSize(5),
            Combinators.combine(ANY_WHOLE, ANY_WHOLE, ANY_WHOLE, ANY_WHOLE).as(List::of),
            printable(300).list().ofMaxSize(5))
        .as(
            (instance, epoch, software, features, groups, labels, numbers, servers) ->
                new Frames.HelloFrame(
                    new Hello(
                        instance,
                        epoch,
                        software,
                        features,
                        groups,
                        labels,
                        numbers.get(0),
                        numbers.get(1),
                        numbers.get(2),
                        numbers.get(3),
                        servers)));
  }

  static Arbitrary<Frames> events() {
    var what =
        Combinators.combine(
                printable(255),
                Arbitraries.of(Verb.class),
                text(1000),
                text(1000).list().ofMaxSize(8),
                text(1000),
                headers(),
                text(60),
                Arbitraries.longs().greaterOrEqual(-1))
            .as(
                (id, verb, noun, parameters, query, headers, mimeType, length) ->
                    new EventHead(
                        id, verb, noun, parameters, query, headers, mimeType, length, 1, false));
    return Combinators.combine(
            STREAM,
            what,
            Arbitraries.longs().between(1, Limits.TIMEOUT_MILLIS),
            END,
            END,
            callers().injectNull(0.5),
            text(200).filter(name -> !name.isEmpty()).injectNull(0.5))
        .as(
            (stream, head, timeout, resent, end, caller, relayTo) ->
                new Frames.EventFrame(
                    stream,
                    new EventHead(
                        head.id(),
                        head.verb(),
                        head.noun(),
                        head.parameters(),
                        head.query(),
                        head.headers(),
                        head.mimeType(),
                        end ? 0 : head.bodyLength(),
                        timeout,
                        resent,
                        caller,
                        relayTo),
                    end));
  }

  private static Arbitrary<Principal> callers() {
    StringArbitrary name = Arbitraries.strings().alpha().withChars("äΩ 漢").ofMinLength(1);
    Arbitrary<List<String>> names = name.ofMaxLength(40).list().uniqueElements().ofMaxSize(8);
    return Combinators.combine(
            Arbitraries.of(Principal.Kind.class),
            name.ofMaxLength(200),
            names,
            names,
            names,
            Arbitraries.of(Principal.Method.class),
            name.ofMaxLength(60).injectNull(0.5),
            name.ofMaxLength(60).injectNull(0.5))
        .as(
            (kind, who, roles, groups, scopes, method, vouchedBy, claimed) ->
                Principal.builder(kind, who)
                    .roles(roles)
                    .groups(groups)
                    .scopes(scopes)
                    .method(method)
                    .vouchedBy(vouchedBy)
                    .claimed(claimed)
                    .build());
  }

  static Arbitrary<Frames> replies() {
    return Combinators.combine(
            STREAM,
            Arbitraries.integers().between(0, 999),
            text(60),
            headers(),
            Arbitraries.longs().greaterOrEqual(-1),
            END)
        .as(
            (stream, code, mimeType, headers, length, end) ->
                new Frames.ReplyFrame(
                    stream,
                    new ReplyHead(code, mimeType, headers, end ? Math.max(0, length) : length),
                    end));
  }

  /** Each ends its body: {@link Received} joins what goes on. */
  static Arbitrary<Frames> datas() {
    var sizes =
        Arbitraries.integers()
            .between(0, FrameWriter.MAX_DATA_BYTES)
            .edgeCases(edges -> edges.add(0, 1, 4095, 4096, FrameWriter.MAX_DATA_BYTES));
    return Combinators.combine(STREAM, sizes, Arbitraries.bytes())
        .as(
            (stream, size, octet) ->
                new Frames.DataFrame(
                    stream, String.format("%02x", octet).repeat(Math.max(0, size)), true));
  }

  static Arbitrary<Frames> credits() {
    return Combinators.combine(ANY_WHOLE, STREAM).as(Frames.CreditFrame::new);
  }

  static Arbitrary<Frames> cancels() {
    return Combinators.combine(STREAM, Arbitraries.of(CancelCode.class), text(300))
        .as(Frames.CancelFrame::new);
  }

  static Arbitrary<Frames> pings() {
    return Combinators.combine(Arbitraries.longs(), END)
        .as((token, pong) -> pong ? new Frames.PongFrame(token) : new Frames.PingFrame(token));
  }

  static Arbitrary<Frames> goAways() {
    return Combinators.combine(
            ANY_WHOLE,
            Arbitraries.of(GoAway.Reason.class),
            text(300),
            ANY_WHOLE,
            ANY_WHOLE,
            printable(300).list().ofMaxSize(5))
        .as(
            (stream, reason, text, one, other, targets) ->
                new Frames.GoAwayFrame(
                    new GoAway(
                        stream,
                        reason,
                        text,
                        Math.min(one, other),
                        Math.max(one, other),
                        targets)));
  }

  static Arbitrary<Headers> headers() {
    var name = Arbitraries.strings().alpha().numeric().withChars("-_").ofMinLength(1);
    var value = text(100).filter(text -> text.chars().noneMatch(Character::isISOControl));
    return Combinators.combine(name.ofMaxLength(20), value)
        .as((n, v) -> new String[] {n, v})
        .list()
        .ofMaxSize(6)
        .map(pairs -> Headers.of(pairs.stream().flatMap(Arrays::stream).toArray(String[]::new)));
  }

  private static Arbitrary<String> printable(int most) {
    return Arbitraries.strings()
        .withCharRange((char) 0x20, (char) 0x7e)
        .ofMinLength(1)
        .ofMaxLength(most);
  }

  /** Text of all widths in UTF-8, of at most {@code most} bytes. */
  private static Arbitrary<String> text(int most) {
    var ascii = Arbitraries.strings().ascii().ofMaxLength(most);
    var any =
        Arbitraries.integers()
            .between(0, Character.MAX_CODE_POINT)
            .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
            .edgeCases(
                edges -> edges.add(0, 0x7f, 0x80, 0x7ff, 0x800, 0xfffd, 0xffff, 0x10000, 0x10ffff))
            .list()
            .ofMaxSize(most / 4)
            .map(
                points ->
                    points.stream()
                        .collect(
                            StringBuilder::new,
                            StringBuilder::appendCodePoint,
                            StringBuilder::append)
                        .toString());
    return Arbitraries.frequencyOf(Tuple.of(2, ascii), Tuple.of(1, any));
  }
}

package io.restpipe.pipe.internal.connection;

import io.restpipe.pipe.internal.wire.GoAway;
import io.restpipe.pipe.internal.wire.Hello;
import java.util.regex.Pattern;

/**
 * Text from a peer, made safe to log and to show: one line, nothing that moves a cursor or turns
 * the direction of writing.
 */
public final class PeerText {

  private static final Pattern UNSAFE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");

  private PeerText() {}

  public static String oneLine(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~') {
        return UNSAFE.matcher(text).replaceAll("?");
      }
    }
    return text;
  }

  static GoAway clean(GoAway goAway) {
    return new GoAway(
        goAway.lastStream(),
        goAway.reason(),
        oneLine(goAway.text()),
        goAway.retryMinMillis(),
        goAway.retryMaxMillis(),
        goAway.targets());
  }

  static Hello clean(Hello hello) {
    return new Hello(
        hello.instance(),
        hello.epoch(),
        oneLine(hello.software()),
        hello.features(),
        hello.groups().stream().map(PeerText::oneLine).toList(),
        hello.labels(),
        hello.maxStreams(),
        hello.streamCredit(),
        hello.connectionCredit(),
        hello.heartbeatMillis(),
        hello.servers());
  }
}

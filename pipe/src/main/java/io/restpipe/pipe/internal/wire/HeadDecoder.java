package io.restpipe.pipe.internal.wire;

import io.restpipe.event.Principal;
import io.restpipe.event.Verb;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the protobuf messages of {@code docs/restpipe.proto}. By hand, because generated classes
 * bound neither counts nor lengths and would be copied into our records anyway. Not thread-safe.
 */
final class HeadDecoder {

  private static final Verb[] VERBS = {
    Verb.GET, Verb.HEAD, Verb.POST, Verb.PUT, Verb.DELETE, Verb.PATCH, Verb.OPTIONS
  };

  private final HeadCursor in = new HeadCursor();

  /**
   * Reads the head of an event from the start of an array.
   *
   * @param end whether no body follows
   */
  EventHead event(byte[] bytes, int length, boolean end) throws ProtocolException {
    in.open("EVENT", bytes, length);
    try {
      return event(end);
    } catch (IllegalArgumentException refused) {
      throw refused("EVENT", refused);
    }
  }

  private EventHead event(boolean end) throws ProtocolException {
    String id = "";
    Verb verb = null;
    String noun = "";
    var parameters = new Strings("parameters", Limits.PARAMETERS);
    String query = "";
    var headers = new Strings("headers", Limits.HEADERS);
    String mimeType = "";
    long bodyLength = end ? 0 : -1;
    long timeoutMillis = 0;
    boolean resent = false;
    Principal caller = null;
    String relayTo = "";
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      switch (tag) {
        case 1 << 3 | 2 -> id = in.text("id", Limits.EVENT_ID_BYTES);
        case 2 << 3 -> verb = verb(in.varint());
        case 3 << 3 | 2 -> noun = in.text("noun", Limits.NOUN_BYTES);
        case 4 << 3 | 2 -> parameters.add(in.text("parameter", Limits.PARAMETER_BYTES));
        case 5 << 3 | 2 -> query = in.text("query", Limits.QUERY_BYTES);
        case 6 << 3 | 2 -> header(headers);
        case 7 << 3 | 2 -> mimeType = in.text("mime type", Limits.MIME_TYPE_BYTES);
        case 8 << 3 -> bodyLength = in.number("body length", Long.MAX_VALUE);
        case 9 << 3 -> timeoutMillis = in.varint();
        case 10 << 3 -> resent = in.varint() != 0;
        case 11 << 3 | 2 -> caller = CallerDecoder.read(in);
        case 12 << 3 | 2 -> relayTo = in.text("relay_to", Limits.RELAY_TO_BYTES);
        default -> in.skip(tag, 12);
      }
    }
    Limits.checkLength("id", id.length(), 1, Limits.EVENT_ID_BYTES);
    Limits.checkPrintable("id", id);
    if (verb == null) {
      throw new ProtocolException("EVENT verb is missing");
    }
    if (end && bodyLength != 0) {
      throw new ProtocolException("EVENT with END must have body length 0: " + bodyLength);
    }
    if (timeoutMillis == 0) {
      throw new ProtocolException("EVENT timeout must be at least 1 ms: 0");
    }
    return new EventHead(
        id,
        verb,
        noun,
        parameters.list(),
        query,
        headers.headers(),
        mimeType,
        bodyLength,
        // Above 2^63 it reads as negative.
        timeoutMillis < 0 ? Limits.TIMEOUT_MILLIS : Math.min(timeoutMillis, Limits.TIMEOUT_MILLIS),
        resent,
        caller,
        relayTo.isEmpty() ? null : relayTo);
  }

  private static Verb verb(long number) throws ProtocolException {
    if (number < 1 || number > VERBS.length) {
      throw new ProtocolException(
          "EVENT verb must be 1 to " + VERBS.length + ": " + Long.toUnsignedString(number));
    }
    return VERBS[(int) number - 1];
  }

  /** As {@link #event}. */
  ReplyHead reply(byte[] bytes, int length, boolean end) throws ProtocolException {
    in.open("REPLY", bytes, length);
    try {
      return reply(end);
    } catch (IllegalArgumentException refused) {
      throw refused("REPLY", refused);
    }
  }

  private ReplyHead reply(boolean end) throws ProtocolException {
    int code = 0;
    String mimeType = "";
    var headers = new Strings("headers", Limits.HEADERS);
    long bodyLength = end ? 0 : -1;
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      switch (tag) {
        case 1 << 3 -> code = (int) in.number("code", Limits.REPLY_CODE);
        case 2 << 3 | 2 -> mimeType = in.text("mime type", Limits.MIME_TYPE_BYTES);
        case 3 << 3 | 2 -> header(headers);
        case 4 << 3 -> bodyLength = in.number("body length", Long.MAX_VALUE);
        default -> in.skip(tag, 4);
      }
    }
    return new ReplyHead(code, mimeType, headers.headers(), bodyLength);
  }

  private void header(Strings headers) throws ProtocolException {
    int outer = in.enter("header");
    String name = "";
    String value = "";
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      switch (tag) {
        case 1 << 3 | 2 -> name = in.text("header name", Limits.HEADER_NAME_BYTES);
        case 2 << 3 | 2 -> value = in.text("header value", Limits.HEADER_VALUE_BYTES);
        default -> in.skip(tag, 2);
      }
    }
    in.leave(outer);
    headers.add(name, value);
  }

  Hello hello(byte[] bytes, int length) throws ProtocolException {
    in.open("HELLO", bytes, length);
    try {
      return hello();
    } catch (IllegalArgumentException refused) {
      throw refused("HELLO", refused);
    }
  }

  private Hello hello() throws ProtocolException {
    String instance = "";
    long epoch = 0;
    String software = "";
    var features = new Strings("features", Limits.FEATURES);
    var groups = new Strings("groups", Limits.GROUPS);
    var labels = new LinkedHashMap<String, String>();
    int maxStreams = 0;
    int streamCredit = 0;
    int connectionCredit = 0;
    int heartbeatMillis = 0;
    var servers = new Strings("servers", Limits.ADDRESSES);
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      switch (tag) {
        case 1 << 3 | 2 -> instance = printable("instance", Limits.INSTANCE_BYTES);
        case 2 << 3 -> epoch = in.number("epoch", Long.MAX_VALUE);
        case 3 << 3 | 2 -> software = in.text("software", Limits.SOFTWARE_BYTES);
        case 4 << 3 | 2 -> features.add(printable("feature", Limits.FEATURE_BYTES));
        case 5 << 3 | 2 -> groups.add(name("group", Limits.GROUP_BYTES));
        case 6 << 3 | 2 -> label(labels);
        case 7 << 3 -> maxStreams = whole("max streams");
        case 8 << 3 -> streamCredit = whole("stream credit");
        case 9 << 3 -> connectionCredit = whole("connection credit");
        case 10 << 3 -> heartbeatMillis = whole("heartbeat interval");
        case 11 << 3 | 2 -> servers.add(printable("server", Limits.ADDRESS_BYTES));
        default -> in.skip(tag, 11);
      }
    }
    Limits.checkLength("instance", instance.length(), 1, Limits.INSTANCE_BYTES);
    return new Hello(
        instance,
        epoch,
        software,
        features.list(),
        groups.list(),
        Collections.unmodifiableMap(labels),
        maxStreams,
        streamCredit,
        connectionCredit,
        heartbeatMillis,
        servers.list());
  }

  private void label(Map<String, String> labels) throws ProtocolException {
    int outer = in.enter("label");
    String name = "";
    String value = "";
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      switch (tag) {
        case 1 << 3 | 2 -> name = in.text("label name", Limits.LABEL_NAME_BYTES);
        case 2 << 3 | 2 -> value = in.text("label value", Limits.LABEL_VALUE_BYTES);
        default -> in.skip(tag, 2);
      }
    }
    in.leave(outer);
    Limits.checkLength("label name", name.length(), 1, Limits.LABEL_NAME_BYTES);
    labels.put(name, value);
    Limits.checkCount("labels", labels.size(), Limits.LABELS);
  }

  GoAway goAway(byte[] bytes, int length) throws ProtocolException {
    in.open("GOAWAY", bytes, length);
    try {
      return goAway();
    } catch (IllegalArgumentException refused) {
      throw refused("GOAWAY", refused);
    }
  }

  private GoAway goAway() throws ProtocolException {
    int lastStream = 0;
    GoAway.Reason reason = GoAway.Reason.UNKNOWN;
    String text = "";
    int retryMinMillis = 0;
    int retryMaxMillis = 0;
    var targets = new Strings("targets", Limits.ADDRESSES);
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      switch (tag) {
        case 1 << 3 -> lastStream = whole("last stream");
        case 2 << 3 -> reason = GoAway.Reason.of(in.varint());
        case 3 << 3 | 2 -> text = in.text("text", Limits.TEXT_BYTES);
        case 4 << 3 -> retryMinMillis = whole("retry minimum");
        case 5 << 3 -> retryMaxMillis = whole("retry maximum");
        case 6 << 3 | 2 -> targets.add(printable("target", Limits.ADDRESS_BYTES));
        default -> in.skip(tag, 6);
      }
    }
    Limits.checkRange("retry maximum", retryMaxMillis, retryMinMillis, Integer.MAX_VALUE);
    return new GoAway(lastStream, reason, text, retryMinMillis, retryMaxMillis, targets.list());
  }

  private int whole(String what) throws ProtocolException {
    return (int) in.number(what, Integer.MAX_VALUE);
  }

  private String name(String what, int most) throws ProtocolException {
    String name = in.text(what, most);
    Limits.checkLength(what, name.length(), 1, most);
    return name;
  }

  private String printable(String what, int most) throws ProtocolException {
    String text = name(what, most);
    Limits.checkPrintable(what, text);
    return text;
  }

  private static ProtocolException refused(String frame, IllegalArgumentException rule) {
    return new ProtocolException(frame + " " + rule.getMessage(), rule);
  }

  /** Forgets the bytes that were read last. */
  void close() {
    in.close();
  }
}

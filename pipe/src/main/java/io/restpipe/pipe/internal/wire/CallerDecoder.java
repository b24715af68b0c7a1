package io.restpipe.pipe.internal.wire;

import io.restpipe.event.Principal;

/** Reads who is behind an event, from a message within the event's head. */
final class CallerDecoder {

  private static final Principal.Method[] METHODS = {
    Principal.Method.NONE,
    Principal.Method.PIPE,
    Principal.Method.CERTIFICATE,
    Principal.Method.BASIC,
    Principal.Method.BEARER,
    Principal.Method.COOKIE
  };

  private CallerDecoder() {}

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException if it is out of a principal's bounds
   */
  static Principal read(HeadCursor in) throws ProtocolException {
    int outer = in.enter("caller");
    var kind = Principal.Kind.ANONYMOUS;
    String name = "";
    var roles = new Strings("caller roles", Principal.MAX_ENTRIES);
    var groups = new Strings("caller groups", Principal.MAX_ENTRIES);
    var scopes = new Strings("caller scopes", Principal.MAX_ENTRIES);
    var method = Principal.Method.NONE;
    String vouchedBy = "";
    String claimed = "";
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      switch (tag) {
        case 1 << 3 -> kind = kind(in.varint());
        case 2 << 3 | 2 -> name = text(in, "caller name");
        case 3 << 3 | 2 -> roles.add(text(in, "caller role"));
        case 4 << 3 | 2 -> groups.add(text(in, "caller group"));
        case 5 << 3 | 2 -> scopes.add(text(in, "caller scope"));
        case 6 << 3 -> method = method(in.varint());
        case 7 << 3 | 2 -> vouchedBy = text(in, "caller vouched_by");
        case 8 << 3 | 2 -> claimed = text(in, "caller claimed");
        default -> in.skip(tag, 8);
      }
    }
    in.leave(outer);
    return Principal.builder(kind, name)
        .roles(roles.list())
        .groups(groups.list())
        .scopes(scopes.list())
        .method(method)
        .vouchedBy(vouchedBy.isEmpty() ? null : vouchedBy)
        .claimed(claimed.isEmpty() ? null : claimed)
        .build();
  }

  private static String text(HeadCursor in, String what) throws ProtocolException {
    return in.text(what, Limits.CALLER_TEXT_BYTES);
  }

  /** A kind that a later version may have added is nobody whom this one knows. */
  private static Principal.Kind kind(long number) {
    if (number == 1) {
      return Principal.Kind.LOCAL;
    }
    if (number == 3) {
      return Principal.Kind.PEER;
    }
    return number == 4 ? Principal.Kind.USER : Principal.Kind.ANONYMOUS;
  }

  private static Principal.Method method(long number) {
    return number >= 0 && number < METHODS.length ? METHODS[(int) number] : Principal.Method.NONE;
  }
}

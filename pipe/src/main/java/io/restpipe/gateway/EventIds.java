package io.restpipe.gateway;

import io.netty.util.concurrent.FastThreadLocal;
import java.security.SecureRandom;

/**
 * Ids for events and log entries: 120 random bits, as 24 characters. They cannot be guessed, since
 * who knows the id of an event can ask for its reply again. A store of random bytes for each thread
 * keeps the common source out of the way.
 */
final class EventIds {

  private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
  private static final int BYTES = 15;

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final FastThreadLocal<EventIds> OF_THREAD =
      new FastThreadLocal<>() {
        @Override
        protected EventIds initialValue() {
          return new EventIds();
        }
      };

  private final byte[] store = new byte[BYTES * 32];
  private int used = store.length;

  private EventIds() {}

  static String next() {
    return OF_THREAD.get().take();
  }

  private String take() {
    if (used == store.length) {
      RANDOM.nextBytes(store);
      used = 0;
    }
    var id = new char[BYTES * 8 / 5];
    int bits = 0;
    int held = 0;
    for (int i = 0; i < id.length; i++) {
      if (held < 5) {
        bits = (bits << 8) | (store[used++] & 0xff);
        held += 8;
      }
      held -= 5;
      id[i] = ALPHABET[(bits >> held) & 0x1f];
    }
    return new String(id);
  }
}

package io.restpipe.pipe.internal.directory;

import io.restpipe.pipe.internal.connection.Connection;
import java.util.List;

/** What a name says to a connection that wants to have it. */
sealed interface Verdict {

  /**
   * It is in; {@code fenced} are older connections of the same process, which it has lost; those in
   * {@code succeeded} it has not.
   */
  record Admitted(PeerEntry entry, List<Connection> fenced, List<Connection> succeeded)
      implements Verdict {}

  /** A newer connection of the same process is here already. */
  record Stale() implements Verdict {}

  /** Another process has the name: it keeps it if it shows life. */
  record Contested(Connection holder) implements Verdict {}

  /** The entry is gone from the directory; ask the new one. */
  record Again() implements Verdict {}
}

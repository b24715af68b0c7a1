package io.restpipe.pipe.internal.directory;

import io.restpipe.pipe.internal.connection.Connection;
import io.restpipe.pipe.internal.wire.GoAway;
import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEvent.Field;
import io.restpipe.security.SecurityEventKind;
import java.util.List;

/**
 * The steps that let a connection in under a name, or turn it away. A name that another process
 * holds is asked whether it still lives; so a machine that died without a word does not keep its
 * replacement out, and two machines with one certificate do not take turns.
 */
final class Admitting {

  /** A holder may die and another one come while the first is asked; not for ever. */
  private static final int ROUNDS = 3;

  private final Directory directory;
  private final DirectorySettings settings;
  private final String name;
  private final Connection newcomer;
  private final Runnable admitted;
  private int rounds;

  Admitting(
      Directory directory,
      DirectorySettings settings,
      String name,
      Connection newcomer,
      Runnable admitted) {
    this.directory = directory;
    this.settings = settings;
    this.name = name;
    this.newcomer = newcomer;
    this.admitted = admitted;
  }

  void begin() {
    boolean shared = settings.sharedNames().contains(name);
    // A client that comes back takes the place that its stale connection still has.
    boolean takesPlace = !shared && directory.isConnected(name);
    if (directory.count() >= settings.maxConnections() && !takesPlace) {
      directory
          .security()
          .log(
              about(SecurityEventKind.LIMIT_HIT, newcomer)
                  .with(Field.LIMIT, settings.maxConnections() + " connections")
                  .build());
      close(GoAway.Reason.OVERLOADED, "this node has as many connections as it may have");
      return;
    }
    Verdict verdict = directory.entry(name).admit(newcomer, shared);
    if (verdict instanceof Verdict.Admitted in) {
      directory.admitted(newcomer);
      in.fenced().forEach(this::fence);
      onLoop(() -> welcome(in));
    } else if (verdict instanceof Verdict.Stale) {
      turnAway(
          GoAway.Reason.REPLACED,
          "out of date",
          "a newer connection of this process is here already");
    } else if (verdict instanceof Verdict.Contested contested) {
      ask(contested.holder());
    } else {
      begin();
    }
  }

  /** Those who wait are woken only when events can be sent: who comes later needs no waking. */
  private void welcome(Verdict.Admitted in) {
    if (newcomer.closed()) {
      // It hung up while another one was asked: its end was told before it was in.
      directory.remove(name, newcomer);
      return;
    }
    GoAway farewell = directory.farewell();
    if (farewell != null) {
      newcomer.close(farewell);
      return;
    }
    admitted.run();
    directory.wake(in.entry().takeWaiters());
    in.succeeded().forEach(Admitting::succeed);
  }

  private void onLoop(Runnable step) {
    if (newcomer.loop().inEventLoop()) {
      step.run();
    } else {
      newcomer.loop().execute(step);
    }
  }

  private void fence(Connection old) {
    replaced(old, "a newer connection of the same process");
    old.close(goAway(GoAway.Reason.REPLACED, "a newer connection has taken over", 0));
  }

  private static void succeed(Connection old) {
    old.drain(goAway(GoAway.Reason.DRAINING, "its successor is up", 0));
  }

  private void ask(Connection holder) {
    if (++rounds > ROUNDS) {
      refuseName(holder);
      return;
    }
    holder.probe(
        settings.probeTimeout(),
        alive -> {
          if (alive) {
            refuseName(holder);
          } else {
            replaced(holder, "another machine has the name, and this one shows no life");
            holder.close(goAway(GoAway.Reason.REPLACED, "no sign of life", 0));
            begin();
          }
        });
  }

  private void replaced(Connection old, String why) {
    directory
        .security()
        .log(
            about(SecurityEventKind.PEER_REPLACED, newcomer)
                .reason(why)
                .with(Field.MESSAGE, "took the place of " + old.peer().address())
                .build());
  }

  private SecurityEvent.Builder about(SecurityEventKind kind, Connection connection) {
    return SecurityEvent.builder(kind).peer(name).from(connection.peer().address());
  }

  private void refuseName(Connection holder) {
    turnAway(
        GoAway.Reason.NAME_TAKEN,
        "the name is in use by another machine",
        "the name "
            + name
            + " is in use by a machine at "
            + holder.peer().address().getAddress().getHostAddress()
            + " since "
            + holder.peer().since()
            + "; give each machine a certificate of its own, or make the name a group");
  }

  private void turnAway(GoAway.Reason reason, String why, String text) {
    directory
        .security()
        .log(
            about(SecurityEventKind.HANDSHAKE_REFUSED, newcomer)
                .reason(why)
                .with(Field.MESSAGE, text)
                .build());
    close(reason, text);
  }

  private void close(GoAway.Reason reason, String text) {
    newcomer.close(goAway(reason, text, 1_000));
  }

  private static GoAway goAway(GoAway.Reason reason, String text, int retryMillis) {
    return new GoAway(0, reason, text, retryMillis, retryMillis * 5, List.of());
  }
}

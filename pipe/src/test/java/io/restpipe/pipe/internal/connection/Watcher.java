package io.restpipe.pipe.internal.connection;

import io.restpipe.pipe.internal.wire.GoAway;
import io.restpipe.pipe.internal.wire.Hello;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Notes what happens to a connection; the accepting end accepts at once. */
final class Watcher implements ConnectionListener {

  final CompletableFuture<Connection> greeted = new CompletableFuture<>();
  final CompletableFuture<GoAway> goAway = new CompletableFuture<>();
  final CompletableFuture<Ending> closed = new CompletableFuture<>();

  record Ending(@Nullable GoAway received, @Nullable Throwable cause) {}

  @Override
  public void hello(Connection connection, Hello theirs) {
    connection.accept();
    greeted.complete(connection);
  }

  @Override
  public void goAway(Connection connection, GoAway received) {
    goAway.complete(received);
  }

  @Override
  public void closed(Connection connection, @Nullable GoAway received, @Nullable Throwable cause) {
    if (!closed.complete(new Ending(received, cause))) {
      throw new AssertionError("closed twice");
    }
  }

  Ending awaitClosed() throws Exception {
    return closed.get(20, TimeUnit.SECONDS);
  }
}

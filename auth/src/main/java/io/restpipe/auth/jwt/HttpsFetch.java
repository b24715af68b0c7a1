package io.restpipe.auth.jwt;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Fetches a small document over HTTPS: without redirects, bounded in time and size. */
final class HttpsFetch {

  private static final int MAX_BYTES = 256 << 10;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  static final Duration TIMEOUT = Duration.ofSeconds(4);
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

  private final Duration timeout;
  private final boolean plainLoopback;
  private final @Nullable SSLContext tls;
  private @Nullable HttpClient client;

  HttpsFetch(boolean plainLoopback, @Nullable SSLContext tls) {
    this(plainLoopback, tls, TIMEOUT);
  }

  HttpsFetch(boolean plainLoopback, @Nullable SSLContext tls, Duration timeout) {
    this.timeout = timeout;
    this.plainLoopback = plainLoopback;
    this.tls = tls;
  }

  static void start(Runnable task) {
    var thread = new Thread(task, "auth-keys");
    thread.setDaemon(true);
    thread.start();
  }

  void check(URI uri) {
    boolean plain =
        plainLoopback && "http".equals(uri.getScheme()) && LOOPBACK.contains(uri.getHost());
    if (uri.getHost() == null || !("https".equals(uri.getScheme()) || plain)) {
      throw new IllegalArgumentException("keys are fetched over https:// only: " + uri);
    }
  }

  byte[] get(URI uri) throws IOException {
    check(uri);
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(timeout)
            .header("Accept", "application/json, application/jwk-set+json")
            .build();
    try {
      HttpResponse<InputStream> response = client().send(request, BodyHandlers.ofInputStream());
      try (InputStream body = response.body();
          Deadline deadline = Deadline.of(body, timeout)) {
        if (response.statusCode() != 200) {
          throw new IOException(uri + " answered " + response.statusCode());
        }
        byte[] content = body.readNBytes(MAX_BYTES + 1);
        if (deadline.hasPassed()) {
          throw new IOException(uri + " did not answer within " + timeout.toMillis() + " ms");
        }
        if (content.length > MAX_BYTES) {
          throw new IOException(uri + " answered more than " + MAX_BYTES + " bytes");
        }
        return content;
      }
    } catch (ConnectException e) {
      throw new IOException("there is no connection to " + uri.getAuthority(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** The client's own timeout ends with the first byte: what comes later must have an end, too. */
  private record Deadline(AtomicBoolean passed, CompletableFuture<Void> timer)
      implements AutoCloseable {

    static Deadline of(InputStream body, Duration after) {
      var passed = new AtomicBoolean();
      var timer =
          CompletableFuture.runAsync(
              () -> {
                passed.set(true);
                try {
                  body.close();
                } catch (IOException ended) {
                  // It is closed all the same.
                }
              },
              CompletableFuture.delayedExecutor(after.toMillis(), TimeUnit.MILLISECONDS));
      return new Deadline(passed, timer);
    }

    boolean hasPassed() {
      return passed.get();
    }

    @Override
    public void close() {
      timer.cancel(false);
    }
  }

  private synchronized HttpClient client() {
    if (client == null) {
      HttpClient.Builder builder =
          HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).followRedirects(Redirect.NEVER);
      if (tls != null) {
        builder.sslContext(tls);
      }
      client = builder.build();
    }
    return client;
  }
}

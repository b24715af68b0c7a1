package io.restpipe.examples.fileserver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.restpipe.pipe.PipeFailException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A web application beside the server: {@code /} lists the files, {@code /file/NAME} downloads one.
 * It asks the server's gateway over HTTP, so it could be written in any language.
 */
public final class WebApplication implements AutoCloseable {

  private static final String FILE = "/file/";

  private final HttpClient http = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final String fileServer;
  private final HttpServer web;

  /**
   * Starts at once.
   *
   * @param gateway the server's gateway, {@code http://HOST:PORT}
   * @param client the name of the client that has the files
   */
  public WebApplication(String gateway, String client, int port) throws IOException {
    this.fileServer = gateway + "/client/" + client + "/";
    this.web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    web.setExecutor(threads);
    web.createContext("/", this::list);
    web.createContext(FILE, this::download);
    web.start();
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + web.getAddress().getPort() + "/");
  }

  private void list(HttpExchange exchange) throws IOException {
    answer(exchange, ask("files"));
  }

  private void download(HttpExchange exchange) throws IOException {
    // Still escaped: a %2F stays a part of the name, and is refused at the other end.
    answer(
        exchange, ask("file//" + exchange.getRequestURI().getRawPath().substring(FILE.length())));
  }

  private HttpResponse<InputStream> ask(String path) throws IOException {
    try {
      return http.send(
          HttpRequest.newBuilder(URI.create(fileServer + path)).build(),
          BodyHandlers.ofInputStream());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private static void answer(HttpExchange exchange, HttpResponse<InputStream> response)
      throws IOException {
    try (exchange;
        InputStream body = response.body()) {
      send(exchange, response, body);
    }
  }

  private static void send(
      HttpExchange exchange, HttpResponse<InputStream> response, InputStream body)
      throws IOException {
    try {
      PipeFailException.raiseFor(response);
    } catch (PipeFailException failure) {
      // What was thrown at the other end is nothing for a browser.
      exchange.sendResponseHeaders(response.statusCode(), -1);
      return;
    }
    response
        .headers()
        .firstValue("Content-Type")
        .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
    long chunked = 0;
    long length = response.headers().firstValueAsLong("Content-Length").orElse(chunked);
    exchange.sendResponseHeaders(response.statusCode(), length);
    body.transferTo(exchange.getResponseBody());
  }

  @Override
  public void close() {
    web.stop(0);
    threads.shutdown();
  }
}

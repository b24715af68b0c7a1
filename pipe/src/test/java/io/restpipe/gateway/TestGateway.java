package io.restpipe.gateway;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A gateway on a port of its own, between real sockets and fake peers. */
final class TestGateway implements AutoCloseable {

  final FakePeers peers = new FakePeers();
  final FakeNode node = new FakeNode();
  final Gateway gateway;

  private final EventLoopGroup group;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private TestGateway(Setup setup) throws IOException {
    node.role = setup.role;
    group =
        new MultiThreadIoEventLoopGroup(
            2, setup.epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    gateway = start(setup);
  }

  private Gateway start(Setup setup) throws IOException {
    try {
      GatewayListener.Builder address = GatewayListener.at(setup.address);
      setup.listener.accept(address);
      return Gateway.start(group, address.build(), setup.options.build(), peers, node);
    } catch (IOException failure) {
      group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
      throw failure;
    }
  }

  /** What a test may want otherwise. */
  static final class Setup {
    final GatewayOptions.Builder options = GatewayOptions.builder().accessLog(false);
    NodeStatus.Role role = NodeStatus.Role.SERVER;
    String address = "127.0.0.1:0";
    Consumer<GatewayListener.Builder> listener = builder -> {};
    boolean epoll = true;
  }

  static TestGateway start() throws IOException {
    return start(setup -> {});
  }

  static TestGateway start(Consumer<Setup> change) throws IOException {
    var setup = new Setup();
    change.accept(setup);
    return new TestGateway(setup);
  }

  int port() {
    return uri("/").getPort();
  }

  URI uri(String path) {
    return URI.create(gateway.address() + path);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(20));
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path).build());
  }

  HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  RawCaller connect() throws IOException {
    return new RawCaller(port());
  }

  @Override
  public void close() {
    gateway.close(Duration.ofSeconds(2));
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}

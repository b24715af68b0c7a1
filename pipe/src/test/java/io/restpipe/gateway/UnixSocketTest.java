package io.restpipe.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.restpipe.event.Body;
import io.restpipe.event.Reply;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnixSocketTest {

  private static final String EXCEPTION =
      "{\"exception\": {\"message\": \"boom\", \"traceback\": \"trace\", \"class\": \"C\"}}";

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void choose() {
    file = folder.resolve("rp.sock");
  }

  private TestGateway start(boolean epoll) throws IOException {
    TestGateway gateway =
        TestGateway.start(
            setup -> {
              setup.address = "unix:" + file;
              setup.epoll = epoll;
            });
    gateway.peers.reply(
        event ->
            event.noun().equals("fail")
                ? Reply.of(251, "application/json", Body.of(EXCEPTION))
                : Reply.of(0, "", Body.of("over unix")));
    return gateway;
  }

  private String call(String noun) throws IOException {
    try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
      String request =
          "GET /client/c/" + noun + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      byte[] response = Channels.newInputStream(channel).readAllBytes();
      return new String(response, StandardCharsets.US_ASCII);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void callers_reach_it_over_a_socket_file(boolean epoll) throws Exception {
    try (TestGateway gateway = start(epoll)) {
      assertThat(gateway.gateway.address()).isEqualTo("unix:" + file);
      assertThat(call("n")).startsWith("HTTP/1.1 200 OK\r\n").endsWith("over unix");
      assertThat(gateway.peers.onlyEvent().headers().first("X-Forwarded-For")).isEmpty();
    }
  }

  @Test
  void its_callers_are_on_this_machine_and_see_tracebacks() throws Exception {
    try (TestGateway gateway = start(true)) {
      assertThat(call("fail")).endsWith(EXCEPTION);
      assertThat(gateway.peers.events).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void the_file_is_for_owner_and_group_and_goes_with_the_gateway(boolean epoll) throws Exception {
    try (TestGateway gateway = start(epoll)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-rw----");
      gateway.gateway.refuse();
    }

    assertThat(file).doesNotExist();
  }

  @Test
  void a_file_that_a_dead_process_left_is_replaced() throws Exception {
    try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(file));
    }
    assertThat(file).exists();

    try (TestGateway gateway = start(true)) {
      assertThat(call("n")).endsWith("over unix");
      assertThat(gateway.peers.events).hasSize(1);
    }
  }

  @Test
  void a_file_on_which_somebody_listens_is_left_alone() throws Exception {
    try (TestGateway first = start(true)) {
      assertThatThrownBy(() -> start(true))
          .isInstanceOf(IOException.class)
          .hasMessage("another process listens on " + file + ": stop it, or choose another path");

      assertThat(call("n")).endsWith("over unix");
      assertThat(first.peers.events).hasSize(1);
    }
  }

  @Test
  void a_file_that_is_not_a_socket_is_left_alone() throws Exception {
    Files.writeString(file, "precious");

    assertThatThrownBy(() -> start(true))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not a socket");
    assertThat(file).hasContent("precious");
  }

  @Test
  void a_folder_that_does_not_exist_is_a_clear_error() {
    file = folder.resolve("no/such/folder");

    assertThatThrownBy(() -> start(true))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot listen on unix:" + file);
  }
}

package io.restpipe.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayAddressTest {

  @Test
  void host_and_port_are_read() {
    var address = (InetSocketAddress) GatewayAddress.parse("127.0.0.1:7080").socketAddress(false);

    assertThat(address.getHostString()).isEqualTo("127.0.0.1");
    assertThat(address.getPort()).isEqualTo(7080);
  }

  @Test
  void an_ipv6_address_stands_in_brackets() {
    var address = (InetSocketAddress) GatewayAddress.parse("[::1]:0").socketAddress(false);

    assertThat(address.getAddress().isLoopbackAddress()).isTrue();
  }

  @Test
  void a_unix_path_is_read() {
    assertThat(GatewayAddress.parse("unix:/run/rp.sock").socketFile())
        .hasValue(Path.of("/run/rp.sock"));
  }

  @ParameterizedTest
  @CsvSource({
    "'', must be HOST:PORT or unix:PATH",
    "7080, must be HOST:PORT or unix:PATH",
    ":7080, must be HOST:PORT or unix:PATH",
    "localhost, must be HOST:PORT or unix:PATH",
    "localhost:, the port must be 0 to 65535",
    "localhost:http, the port must be 0 to 65535: http",
    "localhost:80800, the port must be 0 to 65535: 80800",
    "localhost:-1, the port must be 0 to 65535: -1",
    "::1:80, write an IPv6 address in brackets",
    "http://localhost:80, write an IPv6 address in brackets",
    "[localhost]:80, only an IPv6 address stands in brackets",
    "unix:, there is no path after unix:",
  })
  void a_malformed_address_says_what_would_be_right(String text, String message) {
    assertThatThrownBy(() -> GatewayAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("gateway address " + text + ": ")
        .hasMessageContaining(message);
  }

  @Test
  void the_path_of_a_socket_is_bounded() {
    assertThatThrownBy(() -> GatewayAddress.parse("unix:/" + "x".repeat(107)))
        .hasMessageContaining("the path has 108 bytes, a socket's may have 107");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "localhost:1", "unix:/x"})
  void only_this_machine_reaches_a_loopback_address(String text) {
    assertThat(GatewayAddress.parse(text).loopback()).isTrue();
    assertThatCode(() -> GatewayAddress.parse(text).requireLoopback(false))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0:1", "[::]:1", "192.0.2.1:1", "no-such-host.invalid:1"})
  void other_addresses_are_refused_unless_in_development(String text) {
    GatewayAddress address = GatewayAddress.parse(text);

    assertThat(address.loopback()).isFalse();
    assertThatThrownBy(() -> address.requireLoopback(false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has no authentication")
        .hasMessageContaining("https.listen")
        .hasMessageContaining("--dev");
    assertThatCode(() -> address.requireLoopback(true)).doesNotThrowAnyException();
  }

  @Test
  void an_address_in_use_is_a_clear_error() throws Exception {
    try (var first = TestGateway.start()) {
      String taken = "127.0.0.1:" + first.port();

      assertThatThrownBy(() -> TestGateway.start(setup -> setup.address = taken))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen on " + taken);
    }
  }

  @Test
  void an_unknown_host_is_a_clear_error() {
    assertThatThrownBy(() -> TestGateway.start(setup -> setup.address = "no-such-host.invalid:0"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("there is no such host");
  }
}

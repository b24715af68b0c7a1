package io.restpipe.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.event.Verb;
import io.restpipe.metrics.NodeMetrics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What two nodes meter, against {@code docs/metrics.md}. */
@Timeout(60)
class MetersTest {

  private static final List<String> OF_VERSION_0_2 =
      List.of(
          "client.connect.new.tick",
          "client.connect.new.attempt.timing",
          "client.connect.connected.tick",
          "client.connect.broken.tick",
          "client.connect.heartbeat.timing",
          "client.connect.heartbeat.success.tick",
          "client.connect.heartbeat.fail.tick",
          "message.send.tick",
          "message.send.timing",
          "message.receive.tick",
          "message.receive.handle.timing",
          "message.received.handle.HANDLER.tick",
          "message.received.handle.HANDLER.timing");

  private final NodeMetrics ofServer = new NodeMetrics();
  private final NodeMetrics ofClient = new NodeMetrics();

  private static Set<String> names(NodeMetrics metrics) {
    Matcher meter =
        Pattern.compile("# HELP \\S+ RestPipe meter ([^:\\s]+)").matcher(metrics.prometheusText());
    var names = new TreeSet<String>();
    while (meter.find()) {
      names.add(meter.group(1));
    }
    return names;
  }

  @Test
  void all_meters_are_documented_and_those_of_version_0_2_are_there() throws Exception {
    try (ServerNode server =
            ServerNode.builder(Certificates.server())
                .bind("127.0.0.1", 0)
                .gateway("127.0.0.1:0")
                .metrics(ofServer)
                .on(Verb.GET, "time/utc", (context, data) -> "now")
                .start();
        ClientNode client =
            ClientNode.builder(Certificates.client("alpha"))
                .server("localhost", server.address().getPort())
                .metrics(ofClient)
                .start()) {
      client.server().get("time/utc").get(20, TimeUnit.SECONDS);

      assertThat(ofServer.prometheusText())
          .contains("restpipe_pipe_connection_count 1\n")
          .contains("restpipe_message_received_handle_total{handler=\"get_time_utc\"} 1\n");
      assertThat(ofClient.prometheusText())
          .contains("restpipe_client_connect_connected_total 1\n")
          .contains("restpipe_message_send_total 1\n");
      // The first heartbeat follows the greeting.
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(ofClient.prometheusText())
                      .contains("restpipe_client_connect_heartbeat_seconds_count 1\n"));
    }

    var names = new TreeSet<>(names(ofServer));
    names.addAll(names(ofClient));
    assertThat(names).containsAll(OF_VERSION_0_2);
    String documentation = Files.readString(Path.of("../docs/metrics.md"));
    assertThat(names)
        .allSatisfy(
            name ->
                assertThat(documentation)
                    .contains("`" + name.replaceFirst("\\.[2-4]xx\\.", ".1xx.") + "`"));
  }
}

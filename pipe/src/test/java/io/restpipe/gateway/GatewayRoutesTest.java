package io.restpipe.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.event.Body;
import io.restpipe.event.Reply;
import io.restpipe.event.Verb;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayRoutesTest {

  private TestGateway gateway;

  @BeforeEach
  void start() throws Exception {
    gateway = TestGateway.start();
    gateway.peers.reply(event -> Reply.of(0, "text/plain", Body.of("hello")));
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void a_call_reaches_the_named_client_and_its_reply_comes_back() throws Exception {
    HttpResponse<String> response = gateway.get("/client/fileserver/cat//hello%20/world?a=b%20c");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("hello");
    assertThat(response.headers().firstValue("X-Event-Return-Code")).hasValue("0");
    assertThat(response.headers().firstValue("Content-Type")).hasValue("text/plain");
    assertThat(response.headers().firstValue("X-Event-Id"))
        .isEqualTo(gateway.peers.onlyEvent().id());
    assertThat(gateway.peers.names).containsExactly("fileserver");
    assertThat(gateway.peers.onlyEvent().verb()).isEqualTo(Verb.GET);
    assertThat(gateway.peers.onlyEvent().noun()).isEqualTo("cat");
    assertThat(gateway.peers.onlyEvent().parameters()).containsExactly("hello ", "world");
    assertThat(gateway.peers.onlyEvent().query()).isEqualTo("a=b%20c");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
  void every_verb_travels(String verb) throws Exception {
    gateway.send(
        gateway
            .request("/client/c/time")
            .method(verb, HttpRequest.BodyPublishers.noBody())
            .build());

    assertThat(gateway.peers.onlyEvent().verb()).isEqualTo(Verb.valueOf(verb));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "/client/c/time | time | ",
        "/client/c/ | '' | ",
        "/client/c/a/b | a/b | ",
        "/client/c/n// | n | ''",
        "/client/c/n//a | n | a",
        "/client/c/n//a/b | n | a;b",
        "/client/c/n//a//b | n | a;;b",
        "/client/c/n//a/ | n | a;",
        "/client/c/n//a%2Fb/c | n | a/b;c",
        "/client/c/n//a+b | n | a+b",
        "/client/c/n//%C3%A4 | n | ä",
        "/client/c/n%20m | n m | ",
        "/client/c//p | '' | p",
        "/client/c/n//../x | n | ..;x",
      })
  void paths_part_into_noun_and_parameters(String path, String noun, String parameters)
      throws Exception {
    try (RawCaller caller = gateway.connect()) {
      caller.send("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n");

      assertThat(caller.response().status()).isEqualTo(200);
    }
    assertThat(gateway.peers.onlyEvent().noun()).isEqualTo(noun);
    List<String> expected = parameters == null ? List.of() : List.of(parameters.split(";", -1));
    assertThat(gateway.peers.onlyEvent().parameters()).isEqualTo(expected);
  }
}

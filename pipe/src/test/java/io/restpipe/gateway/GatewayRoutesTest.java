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

  @Test
  void a_parameter_may_hold_a_nul() throws Exception {
    gateway.get("/client/c/n//a%00b");

    assertThat(gateway.peers.onlyEvent().parameters()).containsExactly("a\u0000b");
  }

  @Test
  void bytes_beyond_ascii_are_taken_as_utf_8_also_without_escape() throws Exception {
    try (RawCaller caller = gateway.connect()) {
      caller.send("GET /client/c/n//h\u00c3\u00a4 HTTP/1.1\r\nHost: h\r\n\r\n");

      assertThat(caller.response().status()).isEqualTo(200);
    }
    assertThat(gateway.peers.onlyEvent().parameters()).containsExactly("h\u00e4");
  }

  @Test
  void the_name_of_a_client_is_decoded() throws Exception {
    gateway.get("/client/a%20b/n");

    assertThat(gateway.peers.names).containsExactly("a b");
  }

  @ParameterizedTest
  @CsvSource({
    "/client/c/n//%, character 14",
    "/client/c/n//%4, character 14",
    "/client/c/n//a/%zz, character 16",
    "/client/c/n//%C3/%A4, not UTF-8 in the characters 14 to 16",
    "/client/c/n//%FF, not UTF-8",
    "/client/c/n//%ED%A0%80, not UTF-8",
    "/client/c/n//%C0%AF, not UTF-8",
    "/client/c/n#a, holds a #",
  })
  void malformed_paths_are_400_and_name_the_place(String path, String place) throws Exception {
    try (RawCaller caller = gateway.connect()) {
      caller.send("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
      RawCaller.Response response = caller.response();

      assertThat(response.status()).isEqualTo(400);
      assertThat(response.header("Content-Type")).isEqualTo("application/problem+json");
      assertThat(response.body()).contains(place);
    }
    assertThat(gateway.peers.events).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.org/client/c/time?q",
        "HTTP://example.org:80/client/c/time?q",
        "https://[::1]/client/c/time?q",
        "/client/c/time?q"
      })
  void a_target_may_be_a_whole_url(String target) throws Exception {
    try (RawCaller caller = gateway.connect()) {
      caller.send("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n");

      assertThat(caller.response().status()).isEqualTo(200);
    }
    assertThat(gateway.peers.onlyEvent().noun()).isEqualTo("time");
    assertThat(gateway.peers.onlyEvent().query()).isEqualTo("q");
  }

  @Test
  void options_for_the_whole_gateway_name_the_verbs() throws Exception {
    try (RawCaller caller = gateway.connect()) {
      caller.send("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n");
      RawCaller.Response response = caller.response();

      assertThat(response.status()).isEqualTo(200);
      assertThat(response.header("Allow"))
          .isEqualTo("GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRACE", "CONNECT", "PROPFIND", "get"})
  void other_verbs_are_405(String verb) throws Exception {
    try (RawCaller caller = gateway.connect()) {
      caller.send(verb + " /client/c/time HTTP/1.1\r\nHost: h\r\n\r\n");
      RawCaller.Response response = caller.response();

      assertThat(response.status()).isEqualTo(405);
      assertThat(response.header("Allow")).startsWith("GET, HEAD, POST");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/nothing", "/client", "/client/", "/client//x", "/server/time", "/metricsx"})
  void an_unknown_path_is_404_and_says_which_exist(String path) throws Exception {
    HttpResponse<String> response = gateway.get(path);

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(response.body()).contains("/client/NAME/NOUN[//P1/P2");
    assertThat(gateway.peers.events).isEmpty();
  }

  @Test
  void response_headers_are_written_as_people_write_them() throws Exception {
    try (RawCaller caller = gateway.connect()) {
      caller.send("GET /client/c/time HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

      assertThat(caller.rest())
          .contains(
              "\r\nContent-Type: text/plain\r\n",
              "\r\nX-Event-Return-Code: 0\r\n",
              "\r\nX-Event-Id: ",
              "\r\nDate: ",
              " GMT\r\n",
              "\r\nConnection: close\r\n",
              "\r\nContent-Length: 5\r\n");
    }
  }
}

package io.restpipe.pipe.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.event.Event;
import io.restpipe.event.EventContext;
import io.restpipe.event.NonBlocking;
import io.restpipe.event.On;
import io.restpipe.event.PostData;
import io.restpipe.event.Reply;
import io.restpipe.event.ReturnCode;
import io.restpipe.event.ServerEventHandler;
import io.restpipe.event.Verb;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DispatcherTest {

  /** Not public on purpose: nested handlers work. */
  static class Handler extends ServerEventHandler {

    public String get() {
      return "root";
    }

    public Map<String, Object> getTime() {
      return Map.of("time", 1);
    }

    public String get_time_utc() {
      return "noon";
    }

    public String getCat(String first, String second) {
      return first + second;
    }

    @NonBlocking
    public String getThread() {
      return Thread.currentThread().getName();
    }

    public void putNothing() {}

    public String postEcho(EventContext context, PostData postData) throws IOException {
      return context.verb() + " " + postData.text();
    }

    public String getBroken() {
      throw new IllegalStateException("out of order");
    }

    @On(verb = Verb.DELETE, noun = "a/b.c")
    public String remove(int number) {
      return "removed " + number;
    }

    public static String getStatic() {
      return "no";
    }

    String getHidden() {
      return "no";
    }

    public String getter() {
      return "no";
    }
  }

  private final Dispatching node = new Dispatching(new Handler());

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void a_value_is_sent_as_json() {
    Reply reply = node.get("time");

    assertThat(reply.code()).isZero();
    assertThat(reply.mimeType()).isEqualTo("application/json");
    assertThat(reply.text()).isEqualTo("{\"time\":1}");
  }

  @Test
  void snake_case_and_slashes_lead_to_the_same_method() {
    for (String noun : List.of("time/utc", "time_utc", "time-utc")) {
      assertThat(node.text(noun)).isEqualTo("\"noon\"");
    }
  }

  @Test
  void parameters_arrive_in_order() {
    assertThat(node.text("cat//hello%20/world")).isEqualTo("\"hello world\"");
  }

  @Test
  void an_empty_noun_is_answered_by_the_bare_verb() {
    assertThat(node.text("")).isEqualTo("\"root\"");
  }

  @Test
  void an_annotated_method_answers_exactly_its_noun() {
    assertThat(node.call(Verb.DELETE, "a/b.c//7").text()).isEqualTo("\"removed 7\"");
  }

  @Test
  void a_method_without_result_gives_an_empty_body() {
    Reply reply = node.call(Verb.PUT, "nothing");

    assertThat(reply.code()).isZero();
    assertThat(reply.bytes()).isEmpty();
  }

  @Test
  void context_and_post_data_come_first() {
    assertThat(node.post("echo", "text/plain", "hello").text()).isEqualTo("\"POST hello\"");
  }

  @Test
  void a_non_blocking_method_runs_on_the_calling_thread() {
    assertThat(node.text("thread")).isEqualTo('"' + Thread.currentThread().getName() + '"');
  }

  @Test
  void an_exception_is_told_with_message_class_and_traceback() {
    Reply reply = node.get("broken");

    assertThat(reply.code()).isEqualTo(ReturnCode.EXCEPTION);
    assertThat(reply.headers().first("X-Event-Error")).isEmpty();
    var exception = Dispatching.exception(reply);
    assertThat(exception.path("message").asString()).isEqualTo("out of order");
    assertThat(exception.path("class").asString()).isEqualTo("java.lang.IllegalStateException");
    assertThat(exception.path("traceback").asString()).contains("getBroken");
  }

  @Test
  void wrong_parameters_are_told_with_the_signature() {
    Reply reply = node.call(Verb.DELETE, "a/b.c//seven");

    assertThat(reply.code()).isEqualTo(ReturnCode.EXCEPTION);
    assertThat(reply.headers().first("X-Event-Error")).hasValue("parameters");
    assertThat(Dispatching.exception(reply).path("message").asString())
        .isEqualTo("remove(int): parameter 1 must be an int: \"seven\"");
    assertThat(Dispatching.exception(node.get("cat//one")).path("message").asString())
        .isEqualTo("getCat(String, String) takes 2 parameters, got 1");
  }

  @Test
  void only_event_methods_are_reached() {
    for (String noun :
        List.of("class", "static", "hidden", "ter", "registrations", "hash_code", "Time")) {
      Reply reply = node.get(noun);
      assertThat(reply.code()).as(noun).isEqualTo(ReturnCode.UNHANDLED);
      assertThat(reply.headers().first("Allow")).isEmpty();
      assertThat(reply.bytes()).isEmpty();
    }
  }

  @Test
  void head_is_answered_by_get() {
    assertThat(node.call(Verb.HEAD, "time").text()).isEqualTo("{\"time\":1}");
  }

  @Test
  void options_tells_the_verbs_of_a_noun() {
    Reply reply = node.call(Verb.OPTIONS, "time");

    assertThat(reply.code()).isZero();
    assertThat(reply.headers().first("Allow")).hasValue("GET, HEAD, OPTIONS");
    assertThat(reply.bytes()).isEmpty();
  }

  @Test
  void another_verb_of_a_known_noun_is_unhandled_and_told_the_right_ones() {
    Reply reply = node.post("time", "text/plain", "hello");

    assertThat(reply.code()).isEqualTo(ReturnCode.UNHANDLED);
    assertThat(reply.headers().first("Allow")).hasValue("GET, HEAD, OPTIONS");
  }

  @Test
  void every_node_answers_ping_info_and_stats() {
    node.get("time");
    node.get("broken");

    assertThat(node.text("$ping")).contains("\"pong\":\"node-1\"");
    assertThat(node.text("$info"))
        .contains("\"version\":\"1.2.3\"", "\"protocol\":2", "getCat(String, String)");
    assertThat(node.text("$stats")).contains("\"lastError\":\"out of order\"");
  }

  @Test
  void a_body_that_nobody_reads_is_discarded() {
    var body = new UnreadBody();

    FakeExchange exchange =
        node.send(Event.builder(Verb.PUT, "nothing").body("text/plain", body).build());
    exchange.awaitReply();

    assertThat(body.discarded).isTrue();
  }
}

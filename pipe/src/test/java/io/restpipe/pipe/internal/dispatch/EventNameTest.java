package io.restpipe.pipe.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.event.Verb;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventNameTest {

  @ParameterizedTest
  @CsvSource({
    "get, GET, ''",
    "get_, GET, ''",
    "getTime, GET, time",
    "get_time, GET, time",
    "getTimeUtc, GET, time_utc",
    "get_time_utc, GET, time_utc",
    "getTimeUTC, GET, time_utc",
    "getUTCTime, GET, utc_time",
    "getURL, GET, url",
    "getA, GET, a",
    "getAB, GET, ab",
    "getABc, GET, a_bc",
    "getTime2Utc, GET, time2_utc",
    "get2, GET, 2",
    "getTime_utc, GET, time_utc",
    "getTime_Utc, GET, time_utc",
    "get_Time, GET, Time",
    "get_timeUtc, GET, timeUtc",
    "get__x, GET, _x",
    "getÄpfel, GET, äpfel",
    "headTime, HEAD, time",
    "postOrder, POST, order",
    "put_item, PUT, item",
    "deleteItem, DELETE, item",
    "patchItem, PATCH, item",
    "optionsItem, OPTIONS, item",
  })
  void a_method_name_says_verb_and_key(String name, Verb verb, String key) {
    assertThat(EventName.ofMethod(name)).isEqualTo(new EventName(verb, key));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "getter",
        "gettime",
        "Get",
        "GetTime",
        "GET",
        "start",
        "stop",
        "on",
        "posted",
        "putty",
        "header",
        "toString",
        "deleted",
        "get$x",
        "traceX",
        "connectX",
        ""
      })
  void other_names_are_no_events(String name) {
    assertThat(EventName.ofMethod(name)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "time, time",
    "time/utc, time_utc",
    "time-utc, time_utc",
    "a/b-c_d, a_b_c_d",
    "'', ''",
    "Time, Time",
    "a.b, a.b",
    "a//b, a__b"
  })
  void a_noun_leads_to_a_key(String noun, String key) {
    assertThat(EventName.key(noun)).isEqualTo(key);
  }

  @Property
  void both_ways_to_write_a_name_lead_to_the_same_key(
      @ForAll @Size(min = 1, max = 5)
          List<@StringLength(min = 2, max = 6) @CharRange(from = 'a', to = 'z') String> words) {
    String camel =
        words.stream()
            .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
            .collect(Collectors.joining("", "get", ""));
    String snake = "get_" + String.join("_", words);

    assertThat(EventName.ofMethod(camel)).isEqualTo(EventName.ofMethod(snake));
    assertThat(EventName.ofMethod(camel).key()).isEqualTo(EventName.key(String.join("/", words)));
  }
}

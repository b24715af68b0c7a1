package io.restpipe.pipe.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.restpipe.event.ClientEventHandler;
import io.restpipe.event.EventContext;
import io.restpipe.event.EventHandler;
import io.restpipe.event.NonBlocking;
import io.restpipe.event.On;
import io.restpipe.event.PostData;
import io.restpipe.event.ServerEventHandler;
import io.restpipe.event.Verb;
import io.restpipe.metrics.Metrics;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class MethodTableTest {

  private static MethodTable table(EventHandler handler) {
    return MethodTable.of(handler, Metrics.none());
  }

  private static String call(EventHandler handler, Verb verb, String path) {
    try (var node = new Dispatching(handler)) {
      return node.call(verb, path).text();
    }
  }

  private static void assertProblems(EventHandler handler, String... parts) {
    assertThatThrownBy(() -> table(handler))
        .isInstanceOf(InvalidHandlerException.class)
        .hasMessageContainingAll(parts);
  }

  static class Base<T> extends ServerEventHandler {

    public String getInherited() {
      return "base";
    }

    public String getOverridden() {
      return "base";
    }

    public Object getCovariant() {
      return "base";
    }

    public String putGeneric(String value) {
      return "base";
    }

    @On(verb = Verb.GET, noun = "exact/noun")
    public String annotated() {
      return "base";
    }

    protected String getProtected() {
      return "no";
    }

    public String convert(T value) {
      return "not an event";
    }
  }

  static class Derived extends Base<String> {

    @Override
    public String getOverridden() {
      return "derived";
    }

    @Override
    public String getCovariant() {
      return "derived";
    }

    @Override
    public String annotated() {
      return "derived";
    }
  }

  @Test
  void methods_of_superclasses_count_and_overriding_is_respected() {
    assertThat(call(new Derived(), Verb.GET, "inherited")).isEqualTo("\"base\"");
    assertThat(call(new Derived(), Verb.GET, "overridden")).isEqualTo("\"derived\"");
    assertThat(call(new Derived(), Verb.GET, "covariant")).isEqualTo("\"derived\"");
    assertThat(call(new Derived(), Verb.GET, "exact/noun")).isEqualTo("\"derived\"");
    assertThat(table(new Derived()).find(Verb.GET, "protected")).isNull();
  }

  abstract static class Generic<T> extends ServerEventHandler {

    public abstract String getThing(T value);

    public String getOther(T value) {
      return "generic";
    }
  }

  static class Specific extends Generic<String> {

    @Override
    public String getThing(String value) {
      return value;
    }

    @Override
    public String getOther(String value) {
      return value;
    }
  }

  @Test
  void a_generic_method_that_a_subclass_makes_specific_is_one_method() {
    assertThat(call(new Specific(), Verb.GET, "thing//a")).isEqualTo("\"a\"");
    assertThat(call(new Specific(), Verb.GET, "other//b")).isEqualTo("\"b\"");
  }

  static class Hidden extends ServerEventHandler {

    public String getHidden() {
      return "hidden";
    }
  }

  /** The compiler gives it a bridge that makes the method of its hidden superclass visible. */
  public static class Visible extends Hidden {}

  @Test
  void a_public_class_over_a_hidden_one_offers_its_methods_once() {
    assertThat(call(new Visible(), Verb.GET, "hidden")).isEqualTo("\"hidden\"");
    assertThat(table(new Visible()).all()).hasSize(1);
  }

  @Test
  void anonymous_classes_and_functions_work() {
    var handler =
        new ClientEventHandler() {
          @SuppressWarnings("unused")
          public String getAnonymous(int number) {
            return "number " + number;
          }
        };
    handler.on(Verb.POST, "a/b", (context, data) -> context.parameters());
    handler.onNonBlocking(Verb.GET, "c", (context, data) -> data.length());

    assertThat(call(handler, Verb.GET, "anonymous//7")).isEqualTo("\"number 7\"");
    assertThat(call(handler, Verb.POST, "a/b//x/y")).isEqualTo("[\"x\",\"y\"]");
    assertThat(call(handler, Verb.GET, "c")).isEqualTo("0");
    assertThat(table(handler).find(Verb.POST, "a_b")).isNull();
  }

  static class Exact extends ServerEventHandler {

    @On(verb = Verb.GET, noun = "a/b")
    public String slash() {
      return "slash";
    }

    @On(verb = Verb.GET, noun = "a_b")
    public String getSomething() {
      return "underscore";
    }

    public String get_a_b() {
      return "key";
    }
  }

  @Test
  void exact_nouns_come_first_then_the_key() {
    assertThat(call(new Exact(), Verb.GET, "a/b")).isEqualTo("\"slash\"");
    assertThat(call(new Exact(), Verb.GET, "a_b")).isEqualTo("\"underscore\"");
    assertThat(call(new Exact(), Verb.GET, "a-b")).isEqualTo("\"key\"");
    assertThat(table(new Exact()).find(Verb.GET, "something")).isNull();
  }

  static class Colliding extends ServerEventHandler {

    public void getTimeUtc() {}

    public void get_time_utc() {}
  }

  static class Overloaded extends ServerEventHandler {

    public void getTime() {}

    public void getTime(String zone) {}
  }

  static class Shadowed extends ServerEventHandler {

    Shadowed() {
      on(Verb.GET, "time", (context, data) -> null);
    }

    public void getTime() {}
  }

  @Test
  void two_methods_for_one_event_are_an_error_that_names_both() {
    assertProblems(
        new Colliding(),
        "Colliding.getTimeUtc()",
        "Colliding.get_time_utc()",
        "GET time_utc",
        "@On");
    assertProblems(new Overloaded(), "Overloaded.getTime()", "Overloaded.getTime(String)");
    assertProblems(new Shadowed(), "Shadowed.getTime()", "on(GET, \"time\", …)", "GET time");
  }

  static class AllWrong extends ServerEventHandler {

    public void getObject(Object value) {}

    public void putLate(String first, EventContext context) {}

    public void postTwice(PostData first, PostData second) {}

    public void patchOrder(PostData data, EventContext context) {}

    @On(verb = Verb.GET, noun = "x")
    void hidden() {}

    @On(verb = Verb.GET, noun = "y")
    public static void fixed() {}

    @On(verb = Verb.GET, noun = "$mine")
    public void reserved() {}
  }

  @Test
  void all_problems_are_told_at_once() {
    assertThatThrownBy(() -> table(new AllWrong()))
        .isInstanceOfSatisfying(
            InvalidHandlerException.class,
            invalid -> {
              List<String> problems = invalid.problems();
              assertThat(problems).hasSize(7);
              assertThat(invalid).hasMessageStartingWith(AllWrong.class.getName());
              assertThat(problems).anyMatch(problem -> problem.contains("begins with $"));
            });
  }

  static class Verbs extends ServerEventHandler {

    public void get_a() {}

    public void head_a() {}

    public void post_a() {}

    @On(verb = Verb.PUT, noun = "a")
    public void anything() {}

    public void post_b() {}

    public void options_b() {}
  }

  @Test
  void the_verbs_of_a_noun_are_known() {
    MethodTable table = table(new Verbs());

    assertThat(table.allowed("a"))
        .containsExactly(Verb.GET, Verb.HEAD, Verb.POST, Verb.PUT, Verb.OPTIONS);
    assertThat(table.allowed("b")).containsExactly(Verb.POST, Verb.OPTIONS);
    assertThat(table.allowed("c")).isEmpty();
    assertThat(table.find(Verb.HEAD, "a").verb()).isEqualTo(Verb.HEAD);
    assertThat(table.find(Verb.HEAD, "b")).isNull();
    assertThat(table.find(Verb.OPTIONS, "b")).isNotNull();
  }

  @NonBlocking
  static class Quick extends ServerEventHandler {

    public void getQuick() {}
  }

  static class QuickAndSlow extends Quick {

    public void getSlow() {}

    @NonBlocking
    public void getFast() {}
  }

  @Test
  void non_blocking_is_said_by_the_method_or_by_the_class_that_declares_it() {
    MethodTable table = table(new QuickAndSlow());

    assertThat(table.find(Verb.GET, "quick").nonBlocking()).isTrue();
    assertThat(table.find(Verb.GET, "fast").nonBlocking()).isTrue();
    assertThat(table.find(Verb.GET, "slow").nonBlocking()).isFalse();
  }

  static class Supplying extends ServerEventHandler implements Supplier<String>, Mixin {

    @Override
    public String get() {
      return "supplied";
    }
  }

  interface Mixin {

    default String getMixin() {
      return "no";
    }
  }

  @Test
  void only_methods_of_classes_count() {
    assertThat(call(new Supplying(), Verb.GET, "")).isEqualTo("\"supplied\"");
    assertThat(table(new Supplying()).find(Verb.GET, "mixin")).isNull();
    assertThat(table(new ServerEventHandler()).all()).isEmpty();
  }
}

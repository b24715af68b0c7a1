package io.restpipe.pipe.internal.dispatch;

import io.restpipe.event.ClientEventHandler;
import io.restpipe.event.On;
import io.restpipe.event.ServerEventHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the methods that a handler class offers: the public ones of the class and of its
 * superclasses up to RestPipe's own, each as last overridden.
 */
final class HandlerMethods {

  /** A method and the annotation that it, or what it overrides, carries. */
  record Candidate(Method method, @Nullable On on) {}

  private record Slot(String name, List<Class<?>> parameters) {

    static Slot of(Method method) {
      return new Slot(method.getName(), List.of(method.getParameterTypes()));
    }
  }

  private final Map<Slot, Candidate> found = new LinkedHashMap<>();

  /** Overridden further down by a method with narrower parameter types. */
  private final Set<Slot> overridden = new HashSet<>();

  private final List<String> problems;

  private HandlerMethods(List<String> problems) {
    this.problems = problems;
  }

  static List<Candidate> of(Class<?> handler, List<String> problems) {
    var methods = new HandlerMethods(problems);
    Class<?> type = handler;
    while (type != null && type != ServerEventHandler.class && type != ClientEventHandler.class) {
      methods.add(type.getDeclaredMethods());
      type = type.getSuperclass();
    }
    var candidates = new ArrayList<>(methods.found.values());
    // Reflection gives methods in any order; problems and tables are better read in a fixed one.
    candidates.sort(Comparator.comparing(candidate -> Signatures.of(candidate.method(), 0)));
    return candidates;
  }

  private void add(Method[] declared) {
    for (Method method : declared) {
      if (!method.isSynthetic()) {
        add(method);
      }
    }
    for (Method method : declared) {
      if (method.isBridge() && overrides(method, declared)) {
        overridden.add(Slot.of(method));
      }
    }
  }

  private void add(Method method) {
    On on = method.getAnnotation(On.class);
    if (!Modifier.isPublic(method.getModifiers()) || Modifier.isStatic(method.getModifiers())) {
      if (on != null) {
        problems.add(
            Signatures.full(method)
                + " has @On but is static or not public: make it public and not static");
      }
      return;
    }
    Slot slot = Slot.of(method);
    if (!overridden.contains(slot)) {
      found.merge(slot, new Candidate(method, on), HandlerMethods::inherit);
    }
  }

  /** A method found further up that is overridden: only its annotation counts. */
  private static Candidate inherit(Candidate overriding, Candidate overridden) {
    return overriding.on() == null
        ? new Candidate(overriding.method(), overridden.on())
        : overriding;
  }

  /**
   * Whether a bridge stands for a method of the same class that overrides an inherited one with
   * other types. The other kind of bridge only makes an inherited method of a hidden class visible.
   */
  private static boolean overrides(Method bridge, Method[] declared) {
    return Arrays.stream(declared)
        .anyMatch(other -> !other.isBridge() && isBridgedBy(bridge, other));
  }

  private static boolean isBridgedBy(Method bridge, Method method) {
    if (!method.getName().equals(bridge.getName())
        || method.getParameterCount() != bridge.getParameterCount()) {
      return false;
    }
    Class<?>[] wider = bridge.getParameterTypes();
    Class<?>[] narrower = method.getParameterTypes();
    for (int i = 0; i < wider.length; i++) {
      if (!wider[i].isAssignableFrom(narrower[i])) {
        return false;
      }
    }
    return true;
  }
}

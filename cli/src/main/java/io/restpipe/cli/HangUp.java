package io.restpipe.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * SIGHUP. By reflection: the JDK has no other door to signals than {@code sun.misc.Signal}, against
 * which nothing compiles without a warning.
 */
final class HangUp {

  private HangUp() {}

  /** Runs this on each SIGHUP from now on; false where the JVM or the system knows none. */
  static boolean handle(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object runs =
          Proxy.newProxyInstance(
              handler.getClassLoader(), new Class<?>[] {handler}, running(action));
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), runs);
      return true;
    } catch (ReflectiveOperationException | IllegalArgumentException none) {
      return false;
    }
  }

  private static InvocationHandler running(Runnable action) {
    return (proxy, method, arguments) ->
        switch (method.getName()) {
          case "equals" -> proxy == arguments[0];
          case "hashCode" -> System.identityHashCode(proxy);
          case "toString" -> "SIGHUP";
          default -> {
            action.run();
            yield null;
          }
        };
  }
}

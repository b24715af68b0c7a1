package io.restpipe.pipe.internal.dispatch;

import io.restpipe.event.EventContext;
import io.restpipe.event.EventHandler;
import io.restpipe.event.PostData;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A handler's method. All that reflection has to say is asked once, when this is made. */
final class MethodTarget implements EventTarget {

  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  /** Takes all arguments in one array, gives an object. */
  private final MethodHandle handle;

  private final boolean takesContext;
  private final boolean takesPostData;
  private final int first;
  private final UrlParameters parameters;

  private MethodTarget(
      MethodHandle handle, boolean takesContext, boolean takesPostData, UrlParameters parameters) {
    this.handle = handle;
    this.takesContext = takesContext;
    this.takesPostData = takesPostData;
    this.first = (takesContext ? 1 : 0) + (takesPostData ? 1 : 0);
    this.parameters = parameters;
  }

  /** Binds a method; null, and a sentence among {@code problems}, where that cannot be. */
  static @Nullable MethodTarget of(EventHandler handler, Method method, List<String> problems) {
    Class<?>[] types = method.getParameterTypes();
    boolean takesContext = types.length > 0 && types[0] == EventContext.class;
    int next = takesContext ? 1 : 0;
    boolean takesPostData = types.length > next && types[next] == PostData.class;
    int first = takesPostData ? next + 1 : next;
    int before = problems.size();
    for (int i = first; i < types.length; i++) {
      if (types[i] == EventContext.class || types[i] == PostData.class) {
        problems.add(
            Signatures.of(method, 0)
                + ": EventContext, then PostData, come first, once each, and the URL parameters"
                + " after them");
        return null;
      }
    }
    UrlParameters parameters = UrlParameters.of(method, first, problems);
    MethodHandle handle = problems.size() > before ? null : handle(handler, method, problems);
    return handle == null
        ? null
        : new MethodTarget(handle, takesContext, takesPostData, parameters);
  }

  private static @Nullable MethodHandle handle(
      EventHandler handler, Method method, List<String> problems) {
    try {
      // Makes a public method callable whose class is not public: a nested or anonymous handler.
      method.trySetAccessible();
      MethodHandle bound = LOOKUP.unreflect(method).bindTo(handler).asFixedArity();
      int count = method.getParameterCount();
      return bound
          .asType(MethodType.genericMethodType(count))
          .asSpreader(Object[].class, count)
          .asType(MethodType.methodType(Object.class, Object[].class));
    } catch (IllegalAccessException closed) {
      Class<?> declaring = method.getDeclaringClass();
      problems.add(
          Signatures.full(method)
              + " cannot be called: make its class public, or open its package to RestPipe in"
              + " module-info.java (opens "
              + declaring.getPackageName()
              + ";)");
      return null;
    }
  }

  /** The method as its callers see it. */
  String signature() {
    return parameters.signature();
  }

  @Override
  public @Nullable Object call(EventContext context, PostData postData) throws Throwable {
    var arguments = new Object[first + parameters.count()];
    if (takesContext) {
      arguments[0] = context;
    }
    if (takesPostData) {
      arguments[first - 1] = postData;
    }
    parameters.convert(context.parameters(), arguments, first);
    return (Object) handle.invokeExact(arguments);
  }
}

package io.restpipe.pipe.internal.dispatch;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Methods as people read them: {@code getCat(String, int)}. */
final class Signatures {

  private Signatures() {}

  /** The method's name and its parameters from {@code from} on. */
  static String of(Method method, int from) {
    return Arrays.stream(method.getParameters())
        .skip(from)
        .map(Signatures::type)
        .collect(Collectors.joining(", ", method.getName() + "(", ")"));
  }

  /** The method with its class. */
  static String full(Method method) {
    return method.getDeclaringClass().getSimpleName() + "." + of(method, 0);
  }

  private static String type(Parameter parameter) {
    if (parameter.isVarArgs()) {
      return parameter.getType().getComponentType().getSimpleName() + "...";
    }
    return type(parameter.getParameterizedType());
  }

  private static String type(Type type) {
    if (type instanceof Class<?> plain) {
      return plain.getSimpleName();
    }
    if (type instanceof ParameterizedType generic) {
      return Arrays.stream(generic.getActualTypeArguments())
          .map(Signatures::type)
          .collect(Collectors.joining(", ", type(generic.getRawType()) + "<", ">"));
    }
    return type.getTypeName();
  }
}

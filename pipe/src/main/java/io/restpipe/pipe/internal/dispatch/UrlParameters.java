package io.restpipe.pipe.internal.dispatch;

import io.restpipe.event.ParameterException;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a method takes from the URL: parameters that must be there, then optional ones, then perhaps
 * an array for all the rest.
 */
final class UrlParameters {

  /** More of a parameter's text than this is not repeated in a message. */
  private static final int SHOWN = 100;

  private final String signature;
  private final Converter[] required;
  private final Converter[] optional;
  private final @Nullable Converter rest;
  private final @Nullable Class<?> restType;

  private UrlParameters(
      String signature,
      List<Converter> required,
      List<Converter> optional,
      @Nullable Converter rest,
      @Nullable Class<?> restType) {
    this.signature = signature;
    this.required = required.toArray(new Converter[0]);
    this.optional = optional.toArray(new Converter[0]);
    this.rest = rest;
    this.restType = restType;
  }

  /**
   * Reads a method's declaration, from the parameter at {@code from} on.
   *
   * @param problems gets a sentence for each parameter that no URL can give
   */
  static UrlParameters of(Method method, int from, List<String> problems) {
    Parameter[] declared = method.getParameters();
    String whole = Signatures.of(method, 0);
    var required = new ArrayList<Converter>();
    var optional = new ArrayList<Converter>();
    Converter rest = null;
    Class<?> restType = null;
    for (int i = from; i < declared.length; i++) {
      Class<?> type = declared[i].getType();
      boolean last = i == declared.length - 1;
      boolean maybe = type == Optional.class;
      boolean array = type.isArray() && last;
      Class<?> single = array ? type.getComponentType() : maybe ? content(declared[i]) : type;
      Converter converter = Converters.of(single);
      if (converter == null) {
        problems.add(unknownType(whole, i, declared[i]));
      } else if (array) {
        rest = converter;
        restType = single;
      } else if (maybe) {
        optional.add(converter);
      } else if (!optional.isEmpty()) {
        problems.add(
            whole
                + ": parameter "
                + (i + 1)
                + " comes after an Optional: put the Optional ones behind all others");
      } else {
        required.add(converter);
      }
    }
    return new UrlParameters(Signatures.of(method, from), required, optional, rest, restType);
  }

  private static Class<?> content(Parameter parameter) {
    if (parameter.getParameterizedType() instanceof ParameterizedType optional) {
      Type content = optional.getActualTypeArguments()[0];
      if (content instanceof Class<?> type) {
        return type;
      }
    }
    return Object.class;
  }

  private static String unknownType(String signature, int index, Parameter parameter) {
    return signature
        + ": parameter "
        + (index + 1)
        + " is a "
        + parameter.getParameterizedType().getTypeName()
        + ", which no URL parameter can be turned into: declare a String, a number, a boolean, an"
        + " enum, a UUID, a java.time type or a Path, or make the method non-public if it is no"
        + " event";
  }

  /** The method as its callers see it, for example {@code getCat(String, int)}. */
  String signature() {
    return signature;
  }

  /** How many arguments the method takes from the URL. */
  int count() {
    return required.length + optional.length + (rest == null ? 0 : 1);
  }

  /**
   * Converts parameters into the arguments from {@code offset} on.
   *
   * @throws ParameterException if their number or type does not fit
   */
  void convert(List<String> given, @Nullable Object[] arguments, int offset) {
    int count = given.size();
    if (count < required.length || (rest == null && count > required.length + optional.length)) {
      throw new ParameterException(signature + " takes " + expected() + ", got " + count);
    }
    int at = 0;
    for (Converter converter : required) {
      arguments[offset + at] = convert(converter, given, at);
      at++;
    }
    for (Converter converter : optional) {
      arguments[offset + at] =
          at < count ? Optional.of(convert(converter, given, at)) : Optional.empty();
      at++;
    }
    if (rest != null && restType != null) {
      arguments[offset + at] = restOf(given, at, rest, restType);
    }
  }

  private Object restOf(List<String> given, int from, Converter converter, Class<?> type) {
    int count = Math.max(0, given.size() - from);
    Object array = Array.newInstance(type, count);
    for (int i = 0; i < count; i++) {
      Array.set(array, i, convert(converter, given, from + i));
    }
    return array;
  }

  private Object convert(Converter converter, List<String> given, int index) {
    String text = given.get(index);
    try {
      return converter.parse().parse(text);
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException unfit) {
      throw new ParameterException(
          signature
              + ": parameter "
              + (index + 1)
              + " must be "
              + converter.article()
              + ": "
              + quoted(text));
    }
  }

  private static String quoted(String text) {
    return text.length() <= SHOWN
        ? '"' + text + '"'
        : '"' + text.substring(0, SHOWN) + "…\" (" + text.length() + " characters)";
  }

  private String expected() {
    int most = required.length + optional.length;
    if (rest != null) {
      return "at least " + plural(required.length);
    }
    return optional.length == 0 ? plural(most) : required.length + " to " + plural(most);
  }

  private static String plural(int count) {
    return count == 1 ? "1 parameter" : count + " parameters";
  }
}

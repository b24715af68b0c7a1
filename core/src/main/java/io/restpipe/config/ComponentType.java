package io.restpipe.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The setting type that belongs to the Java type of a record's component. */
final class ComponentType {

  private static final Map<Class<?>, SettingType<?>> SCALARS =
      Map.ofEntries(
          Map.entry(String.class, Types.text("TEXT")),
          Map.entry(boolean.class, Types.bool()),
          Map.entry(Boolean.class, Types.bool()),
          Map.entry(int.class, Types.integer(Integer.MIN_VALUE, Integer.MAX_VALUE)),
          Map.entry(Integer.class, Types.integer(Integer.MIN_VALUE, Integer.MAX_VALUE)),
          Map.entry(long.class, Types.wholeNumber(Long.MIN_VALUE, Long.MAX_VALUE)),
          Map.entry(Long.class, Types.wholeNumber(Long.MIN_VALUE, Long.MAX_VALUE)),
          Map.entry(double.class, Types.decimal()),
          Map.entry(Double.class, Types.decimal()),
          Map.entry(BigDecimal.class, Types.bigDecimal()),
          Map.entry(Duration.class, Types.duration()),
          Map.entry(DataSize.class, Types.size()),
          Map.entry(Endpoint.class, Types.endpoint()),
          Map.entry(Endpoint.Tcp.class, Types.hostAndPort()),
          Map.entry(Path.class, Types.path()),
          Map.entry(Secret.class, Types.secret()));

  private ComponentType() {}

  /** Whether a record is a value by itself, and no section. */
  static boolean isScalar(Class<?> type) {
    return SCALARS.containsKey(type);
  }

  static SettingType<?> of(Type declared, @Nullable String atLeast, @Nullable String atMost) {
    if (declared instanceof ParameterizedType parameterized) {
      SettingType<?> item = of(parameterized.getActualTypeArguments()[0], atLeast, atMost);
      if (parameterized.getRawType() == Optional.class) {
        return item;
      }
      if (parameterized.getRawType() == List.class) {
        return Types.list(item);
      }
    }
    SettingType<?> scalar = scalar(declared);
    return atLeast == null && atMost == null ? scalar : within(scalar, atLeast, atMost);
  }

  private static SettingType<?> scalar(Type declared) {
    SettingType<?> scalar = SCALARS.get(declared);
    if (scalar != null) {
      return scalar;
    }
    if (declared instanceof Class<?> type && type.isEnum()) {
      return constant(type);
    }
    throw new IllegalArgumentException("no configuration value can be a " + declared.getTypeName());
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // the caller has seen that it is an enum
  private static SettingType<?> constant(Class<?> type) {
    return Types.oneOf((Class) type);
  }

  @SuppressWarnings("unchecked") // bounds are parsed by the same type; the cast is checked below
  private static <T> SettingType<T> within(
      SettingType<T> type, @Nullable String atLeast, @Nullable String atMost) {
    if (!(type.parse(atLeast == null ? String.valueOf(atMost) : atLeast)
        instanceof Comparable<?>)) {
      throw new IllegalArgumentException("a " + type.label() + " has no bounds");
    }
    return type.within((a, b) -> ((Comparable<T>) a).compareTo(b), atLeast, atMost);
  }
}

package io.restpipe.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What is to be known of a record's component that is bound to a key: {@link Configuration#bind}.
 *
 * <pre>{@code
 * record Server(
 *     @Entry(orElse = "127.0.0.1") String host,
 *     @Entry(orElse = "8080", atLeast = "1", atMost = "65535") int port,
 *     @Entry(orElse = "5s", atMost = "1h") Duration timeout,
 *     Optional<Secret> password) {}
 * }</pre>
 *
 * <p>A component may be a String, a number, a boolean, an enum, a Duration, a {@link DataSize}, an
 * {@link Endpoint}, a Path, a {@link Secret}, a List or an Optional of one of those, or a record,
 * which is the section within this one. Without the annotation, or without {@code orElse}, a key
 * must be there, unless the component is an Optional or a List.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Entry {

  /** The text that stands for what is not said. */
  String NONE = "\0";

  /** The key; unless it is said, {@code bind_port} for a component {@code bindPort}. */
  String key() default "";

  /** The value where the key is missing, as it would be written. */
  String orElse() default NONE;

  /** The least value that is right, as it would be written. */
  String atLeast() default NONE;

  /** The greatest value that is right, as it would be written. */
  String atMost() default NONE;
}

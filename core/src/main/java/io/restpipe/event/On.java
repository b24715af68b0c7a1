package io.restpipe.event;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a handler method answer exactly this verb and noun, whatever its name. Needed where two
 * nouns, such as {@code a/b} and {@code a_b}, would lead to the same method name.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface On {

  Verb verb();

  /** The noun as in the URL, decoded, for example {@code time/utc}. */
  String noun();
}

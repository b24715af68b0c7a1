/**
 * The shortest whole pipe: a server and a client, a handler class each, one call in each direction.
 * Begin with {@link io.restpipe.examples.hello.Hello}.
 */
@NullMarked
package io.restpipe.examples.hello;

import org.jspecify.annotations.NullMarked;

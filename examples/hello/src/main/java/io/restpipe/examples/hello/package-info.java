/** Example. */
@NullMarked
package io.restpipe.examples.hello;

import org.jspecify.annotations.NullMarked;

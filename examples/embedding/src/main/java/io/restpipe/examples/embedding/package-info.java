/** Example. */
@NullMarked
package io.restpipe.examples.embedding;

import org.jspecify.annotations.NullMarked;

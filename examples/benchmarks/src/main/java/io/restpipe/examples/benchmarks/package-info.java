/** Example. */
@NullMarked
package io.restpipe.examples.benchmarks;

import org.jspecify.annotations.NullMarked;

/** How fast security events become text and are read back: JMH, run by hand. */
@NullMarked
package io.restpipe.examples.benchmarks.cef;

import org.jspecify.annotations.NullMarked;

/** What verifying a token costs, beside nimbus-jose-jwt alone: JMH, run by hand. */
@NullMarked
package io.restpipe.examples.benchmarks.jwt;

import org.jspecify.annotations.NullMarked;

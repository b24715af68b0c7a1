/**
 * Measures the pipe from end to end, between two processes over one connection, beside a bare echo
 * over the same TLS with the same frames: {@link io.restpipe.examples.benchmarks.Benchmark} is the
 * program, {@code docs/benchmarks.md} says how to run and read it.
 */
@NullMarked
package io.restpipe.examples.benchmarks;

import org.jspecify.annotations.NullMarked;

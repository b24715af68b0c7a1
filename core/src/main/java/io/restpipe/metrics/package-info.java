/**
 * Counters, timers and gauges, with statsd and Prometheus behind them. Recording is cheap and never
 * blocks; sending happens elsewhere.
 */
@NullMarked
package io.restpipe.metrics;

import org.jspecify.annotations.NullMarked;

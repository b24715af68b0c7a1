/**
 * The commands {@code rp-server}, {@code rp-client} and {@code rp-ca}. Thin: they read settings,
 * call the builders of {@code io.restpipe.node}, wait, and turn what went wrong into a sentence and
 * an {@link io.restpipe.cli.ExitCode}.
 */
@NullMarked
package io.restpipe.cli;

import org.jspecify.annotations.NullMarked;

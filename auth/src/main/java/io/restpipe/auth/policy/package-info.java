/**
 * Who may call what on whom: rules in a file, read whole or not at all.
 *
 * <p>Implements {@link io.restpipe.security.Authorizer}; knows neither the pipe nor users and
 * tokens. {@code docs/policy.md} has the grammar.
 */
@NullMarked
package io.restpipe.auth.policy;

import org.jspecify.annotations.NullMarked;

/**
 * Logging in: checking passwords without wearing the machine or the users out, sessions with
 * rotating refresh tokens, and the HTTP face of both. Whatever fails is a security event.
 *
 * <p>Imports core, and the packages for tokens and passwords.
 */
@NullMarked
package io.restpipe.auth.login;

import org.jspecify.annotations.NullMarked;

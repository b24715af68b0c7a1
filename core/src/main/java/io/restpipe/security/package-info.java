/**
 * The seams between the pipe, identities and security logging: types that let them meet without
 * knowing each other.
 */
@NullMarked
package io.restpipe.security;

import org.jspecify.annotations.NullMarked;

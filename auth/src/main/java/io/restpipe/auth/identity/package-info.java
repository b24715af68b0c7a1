/**
 * Makes identities: a certificate authority that needs nothing but a folder.
 *
 * <p>Imports {@code io.restpipe.security} and Bouncy Castle's certificate builders. Signing is the
 * JDK's: no security provider is registered, so a program that embeds this keeps its own.
 */
@NullMarked
package io.restpipe.auth.identity;

import org.jspecify.annotations.NullMarked;

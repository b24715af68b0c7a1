/**
 * JSON Web Tokens: issuing them, and verifying them by RFC 8725. The algorithms are pinned to keys,
 * never taken from the token; everything that the RFCs allow and nobody needs is refused.
 *
 * <p>On nimbus-jose-jwt for signatures and keys; imports core only.
 */
@NullMarked
package io.restpipe.auth.jwt;

import org.jspecify.annotations.NullMarked;

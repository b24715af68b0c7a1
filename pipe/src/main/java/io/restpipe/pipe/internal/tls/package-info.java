/** TLS contexts from identities, and the peer's name from its certificate. */
@NullMarked
package io.restpipe.pipe.internal.tls;

import org.jspecify.annotations.NullMarked;

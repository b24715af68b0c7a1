/** To be described. */
@NullMarked
package io.restpipe.auth.identity;

import org.jspecify.annotations.NullMarked;

/** To be described. */
@NullMarked
package io.restpipe.cli;

import org.jspecify.annotations.NullMarked;

/** Example. */
@NullMarked
package io.restpipe.examples.fileserver;

import org.jspecify.annotations.NullMarked;

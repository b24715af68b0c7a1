/** Layered, typed configuration in which every value knows where it came from. */
@NullMarked
package io.restpipe.config;

import org.jspecify.annotations.NullMarked;

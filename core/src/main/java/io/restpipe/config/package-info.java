/**
 * Layered, typed configuration in which every value knows where it came from. A {@link Setting} is
 * declared once; {@link Settings} finds the values, or says everything that is wrong with them.
 */
@NullMarked
package io.restpipe.config;

import org.jspecify.annotations.NullMarked;

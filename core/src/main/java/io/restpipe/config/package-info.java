/**
 * Layered, typed configuration in which every value knows where it came from. {@link Configuration}
 * reads files (INI, JSON, properties), the environment, and what the program gives; a {@link
 * Setting} is declared once, and {@link Settings} finds its value, or says everything that is
 * wrong.
 *
 * <p>Needs the JDK only; Jackson is loaded when a JSON file is read.
 */
@NullMarked
package io.restpipe.config;

import org.jspecify.annotations.NullMarked;

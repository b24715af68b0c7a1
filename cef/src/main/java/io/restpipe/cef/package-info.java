/**
 * Security events in ArcSight's Common Event Format: the event, the text it becomes and is read
 * from, and the places it is written to.
 *
 * <p>An event is made by {@link CefEvent#builder}, becomes text in {@link CefFormatter}, is read
 * back by {@link CefParser}, and travels to a {@link CefSink} through {@link CefLogger}. Whatever
 * text enters an event is cleaned there, so no sink can be made to write a second record or a key
 * that nobody set.
 *
 * <p>Imports the seams of {@code io.restpipe.security}, the JDK and SLF4J only.
 */
@NullMarked
package io.restpipe.cef;

import org.jspecify.annotations.NullMarked;

package io.restpipe.cef;

import org.jspecify.annotations.Nullable;

/**
 * What a parser found in a line.
 *
 * @param prefix what stood before the event; null if nothing did
 * @param version the number after {@code CEF:}
 * @param event the event
 */
public record CefLine(@Nullable SyslogPrefix prefix, int version, CefEvent event) {}

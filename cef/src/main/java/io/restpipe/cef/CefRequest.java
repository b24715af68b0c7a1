package io.restpipe.cef;

import org.jspecify.annotations.Nullable;

/**
 * What {@link Cef#logCef} wants to know of a request, whatever HTTP library it came through. All of
 * it may be from an attacker; it is cleaned before it is written.
 */
public interface CefRequest {

  /** The method, such as GET. */
  @Nullable String method();

  /** The path as it was asked for; without its query if that may hold secrets. */
  @Nullable String path();

  /** The address of who is connected: the client, or a proxy before it. */
  @Nullable String remoteAddress();

  /** The first header of that name, in any case; null if there is none. */
  @Nullable String header(String name);

  /** The host that the request was for: by default its header Host. */
  default @Nullable String host() {
    return header("Host");
  }
}

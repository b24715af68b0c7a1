/** Event loops and channel types: epoll where it loads, else NIO. */
@NullMarked
package io.restpipe.pipe.internal.transport;

import org.jspecify.annotations.NullMarked;

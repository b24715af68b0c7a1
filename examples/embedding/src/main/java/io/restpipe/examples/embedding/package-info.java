/**
 * RestPipe inside a program of one's own: functions instead of handler classes, calls both ways,
 * bodies that are streamed, and listeners. See {@link io.restpipe.examples.embedding.Embedding}.
 */
@NullMarked
package io.restpipe.examples.embedding;

import org.jspecify.annotations.NullMarked;

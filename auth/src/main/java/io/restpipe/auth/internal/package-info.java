/**
 * What the packages of this module share and nobody else should use: strict readers for what comes
 * from outside, files that are read again when they change, and a log of small records.
 */
@NullMarked
package io.restpipe.auth.internal;

import org.jspecify.annotations.NullMarked;

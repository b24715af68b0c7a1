/**
 * How nodes get certificates over the pipe: the protocol {@code restpipe-join/1} for those that
 * have none yet, and the event {@code $renew} for those that have one. What may be given decides
 * the {@link io.restpipe.security.Enrollment}. Imports {@code tls}, {@code event} and {@code
 * security}.
 */
@NullMarked
package io.restpipe.pipe.internal.enroll;

import org.jspecify.annotations.NullMarked;

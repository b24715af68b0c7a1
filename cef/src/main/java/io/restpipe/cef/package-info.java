/** Security events in ArcSight's Common Event Format. */
@NullMarked
package io.restpipe.cef;

import org.jspecify.annotations.NullMarked;

package io.restpipe.pipe.internal.directory;

import io.restpipe.pipe.HostnameResolver;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a directory needs to know.
 *
 * @param eventTimeout how long an event without a timeout of its own waits for its reply
 * @param peerWait how long an event waits for a peer that is not connected
 * @param probeTimeout how long an old connection has to show life when another machine comes under
 *     its name
 * @param sharedNames names that several machines may have at once
 * @param resolver finds peers by host name where no peer has the name; null: names only
 * @param maxWaiting how many events may wait for peers at once
 * @param maxConnections how many connections there may be at once
 */
public record DirectorySettings(
    Duration eventTimeout,
    Duration peerWait,
    Duration probeTimeout,
    Set<String> sharedNames,
    @Nullable HostnameResolver resolver,
    int maxWaiting,
    int maxConnections) {}

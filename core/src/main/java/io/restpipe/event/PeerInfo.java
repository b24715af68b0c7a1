package io.restpipe.event;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Set;

/**
 * Who is at the other end of a connection.
 *
 * @param name from the peer's certificate
 * @param instance which process this is; another one after each restart unless configured
 * @param address where the connection comes from, or goes to
 * @param version the peer's software version, as it says
 * @param protocol the wire version in use
 * @param groups the groups that the peer says it belongs to
 * @param since when the connection was made
 */
public record PeerInfo(
    String name,
    String instance,
    InetSocketAddress address,
    String version,
    int protocol,
    Set<String> groups,
    Instant since) {}

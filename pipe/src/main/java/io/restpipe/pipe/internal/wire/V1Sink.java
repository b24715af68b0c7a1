package io.restpipe.pipe.internal.wire;

/**
 * Takes the frames of version 1 as they are read. An id is an unsigned number of 32 bits that the
 * sender of a request has chosen; a reply carries that of its request.
 */
public interface V1Sink {

  /** The peer asks for a sign of life. */
  void heartbeat(int id);

  /** The answer to ours. */
  void heartbeatReply(int id);

  void event(int id, V1Event event);

  void reply(int id, V1Reply reply);
}

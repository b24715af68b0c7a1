package io.restpipe.node;

/** Which version of the protocol a client speaks with its server. */
public enum ClientProtocol {
  /** Version 2 where the server knows it, else version 1; found out at each connection anew. */
  AUTO,
  /** Version 1 only: the server is RestPipe 0.2.11. */
  V1,
  /** Version 2 only: a server of version 1 is refused. */
  V2
}

package io.restpipe.security;

import io.restpipe.event.Principal;
import io.restpipe.event.Verb;

/**
 * A call that somebody wants to make.
 *
 * @param caller who, as far as it was proved
 * @param target on whom: {@link #SERVER}, or the name of a client
 * @param client whether the target is a client; otherwise it is the server
 * @param verb what is to be done
 * @param noun with what, without parameters
 */
public record Access(Principal caller, String target, boolean client, Verb verb, String noun) {

  /** What the server is called as a target. */
  public static final String SERVER = "server";

  /** A call to the server. */
  public static Access toServer(Principal caller, Verb verb, String noun) {
    return new Access(caller, SERVER, false, verb, noun);
  }

  /** A call to a client. */
  public static Access toClient(Principal caller, String client, Verb verb, String noun) {
    return new Access(caller, client, true, verb, noun);
  }

  /** For logs, on one line: {@code user alice: GET time on client fileserver}. */
  @Override
  public String toString() {
    return caller
        + ": "
        + verb
        + " "
        + noun
        + " on "
        + (client ? "client " + target : "the server");
  }
}

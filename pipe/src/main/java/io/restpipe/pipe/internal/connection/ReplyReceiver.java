package io.restpipe.pipe.internal.connection;

import io.restpipe.event.Reply;
import io.restpipe.pipe.PipeException;

/** Hears how a call ends: one of the two, once, on the event loop. */
public interface ReplyReceiver {

  /** The head of the reply is here; its body may still be under way. */
  void replied(Reply reply);

  /** There is no reply. */
  void failed(PipeException failure);
}

package io.restpipe.pipe.internal.connection;

import io.restpipe.event.Reply;
import io.restpipe.pipe.PipeException;

/** Hears how a call ends: replied or failed, once, on the event loop. */
public interface ReplyReceiver {

  /** The call is about to be made; comes first, on the thread that sends. */
  default void calling(Call call) {}

  /** The head of the reply is here; its body may still be under way. */
  void replied(Reply reply);

  /** There is no reply. */
  void failed(PipeException failure);

  /** There is no reply, and sending again over this or another connection is no remedy. */
  default void failedForGood(PipeException failure) {
    failed(failure);
  }
}

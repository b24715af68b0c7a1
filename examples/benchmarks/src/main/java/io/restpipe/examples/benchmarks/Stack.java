package io.restpipe.examples.benchmarks;

import io.restpipe.event.Verb;
import io.restpipe.security.Identity;

/** What is measured. In both, port 0 means to wait for the other end, another one to dial it. */
enum Stack {
  /** RestPipe's nodes, called with a verb that may run twice. */
  PIPE("pipe") {
    @Override
    Opened<?> echo(Identity identity, int port) {
      return PipeStack.open(identity, port, Verb.PUT);
    }

    @Override
    Opened<? extends Caller> caller(Identity identity, int port) {
      return PipeStack.open(identity, port, Verb.PUT);
    }
  },
  /** RestPipe's nodes, called with a verb that must not run twice: replies are kept for a while. */
  PIPE_ONCE("pipe, once") {
    @Override
    Opened<?> echo(Identity identity, int port) {
      return PipeStack.open(identity, port, Verb.POST);
    }

    @Override
    Opened<? extends Caller> caller(Identity identity, int port) {
      return PipeStack.open(identity, port, Verb.POST);
    }
  },
  /** The bare echo. */
  RAW("raw echo") {
    @Override
    Opened<?> echo(Identity identity, int port) {
      return RawStack.open(identity, port, new RawEcho());
    }

    @Override
    Opened<? extends Caller> caller(Identity identity, int port) {
      return RawStack.open(identity, port, new RawCaller());
    }
  };

  private final String text;

  Stack(String text) {
    this.text = text;
  }

  /** The answering end. */
  abstract Opened<?> echo(Identity identity, int port);

  /** The calling end. */
  abstract Opened<? extends Caller> caller(Identity identity, int port);

  @Override
  public String toString() {
    return text;
  }
}

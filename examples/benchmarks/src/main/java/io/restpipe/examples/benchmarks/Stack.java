package io.restpipe.examples.benchmarks;

import io.restpipe.security.Identity;

/** What is measured. In both, port 0 means to wait for the other end, another one to dial it. */
enum Stack {
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

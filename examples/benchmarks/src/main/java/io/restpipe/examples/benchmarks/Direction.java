package io.restpipe.examples.benchmarks;

/** Who calls whom. */
enum Direction {
  /** The client, which dialed, calls the server. */
  TO_SERVER("client -> server"),
  /** The server calls the client. */
  TO_CLIENT("server -> client");

  private final String text;

  Direction(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}

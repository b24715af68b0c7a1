package io.restpipe.cli;

/** What a command ends with. {@code docs/commands.md} lists them for scripts. */
public final class ExitCode {

  /** Done; for {@code start}: told to stop, and drained. */
  public static final int OK = 0;

  /** Something that nobody foresaw: a defect of RestPipe. */
  public static final int SOFTWARE = 1;

  /** Wrong arguments or settings. Nothing was started. */
  public static final int USAGE = 2;

  /** An identity is missing, or wrong. */
  public static final int IDENTITY = 3;

  /** The node cannot start here: a port in use, for example. */
  public static final int START = 4;

  /** No gateway answers at the local address, so no call was made. */
  public static final int NO_GATEWAY = 5;

  /** The call got no reply: unknown or absent peer, deadline, overload, lost connection. */
  public static final int NO_REPLY = 6;

  /** The call was answered by a failure: the handler threw, is not there, or gave a code. */
  public static final int FAILURE = 7;

  /** Not all calls of the demonstration were answered as they should be. */
  public static final int DEMO = 8;

  /** Refused: a token that is not good, a call that policy or gateway do not let through. */
  public static final int REFUSED = 9;

  /** The doctor has found something wrong. */
  public static final int UNWELL = 10;

  private ExitCode() {}
}

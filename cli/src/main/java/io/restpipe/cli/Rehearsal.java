package io.restpipe.cli;

/**
 * Goes through what the commands do, so that the JVM can archive the classes that they load. The
 * start scripts run it once after a build.
 */
final class Rehearsal {

  private Rehearsal() {}

  public static void main(String[] arguments) {
    Terminal terminal = Terminal.ofProcess();
    RpServer.program(terminal).run("clients", "--help");
    RpClient.program(terminal).run("call", "--help");
    RpCa.program(terminal).run("issue", "--help");
  }
}

package io.restpipe.cli;

/** What a doctor finds, a line each, as it finds it. */
final class Findings {

  private final Terminal terminal;
  private boolean unwell;

  Findings(Terminal terminal) {
    this.terminal = terminal;
  }

  void good(String what, String detail) {
    say("ok  ", what, detail);
  }

  /** Works, but somebody should look after it. */
  void warn(String what, String detail, String remedy) {
    say("warn", what, detail + " -> " + remedy);
  }

  void wrong(String what, String detail, String remedy) {
    unwell = true;
    say("FAIL", what, remedy.isEmpty() ? detail : detail + " -> " + remedy);
  }

  private void say(String verdict, String what, String detail) {
    terminal.say(
        "%s  %-11s  %s".formatted(verdict, what, detail.replaceAll("\\p{Cntrl}+", " ").strip()));
  }

  int exitCode() {
    return unwell ? ExitCode.UNWELL : ExitCode.OK;
  }
}

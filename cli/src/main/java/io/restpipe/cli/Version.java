package io.restpipe.cli;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says. */
final class Version implements IVersionProvider {

  private final String program;

  Version(String program) {
    this.program = program;
  }

  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      program
          + " "
          + (version == null ? "(from classes)" : version)
          + " (Java "
          + System.getProperty("java.version")
          + ")"
    };
  }
}

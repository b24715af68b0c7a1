package io.restpipe.examples.benchmarks;

import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.security.Identity;
import io.restpipe.security.NodeRole;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** This process, which calls, and a second one that answers, with one connection a stack. */
final class Pair implements AutoCloseable {

  private final Process process;
  private final PrintStream toProcess;
  private final BufferedReader fromProcess;
  private final Map<Stack, Opened<? extends Caller>> callers = new EnumMap<>(Stack.class);

  private Pair(Process process) {
    this.process = process;
    this.toProcess = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    this.fromProcess =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static Pair start(Direction direction, List<Stack> stacks) throws IOException {
    var pair = new Pair(fork());
    try {
      var authority = CertificateAuthority.inMemory("benchmark");
      Identity server = authority.identity("server", NodeRole.SERVER);
      Identity client = authority.identity("client", NodeRole.CLIENT);
      if (direction == Direction.TO_SERVER) {
        pair.open(client, pair.tell(server, stacks, Map.of()));
      } else {
        Map<Stack, Integer> here = new EnumMap<>(Stack.class);
        stacks.forEach(stack -> here.put(stack, 0));
        pair.open(server, here);
        pair.tell(client, stacks, pair.ports());
      }
      return pair;
    } catch (IOException | RuntimeException failure) {
      pair.close();
      throw failure;
    }
  }

  /** A second virtual machine like this one. */
  private static Process fork() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (argument.startsWith("-X") || argument.startsWith("-D")) {
        command.add(argument);
      }
    }
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), EchoProcess.class.getName()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Tells the second process what to open, and gives the ports where it listens. */
  private Map<Stack, Integer> tell(Identity identity, List<Stack> stacks, Map<Stack, Integer> ports)
      throws IOException {
    toProcess.println(PassedIdentity.write(identity));
    toProcess.println(
        stacks.stream()
            .map(stack -> stack.name() + "=" + ports.getOrDefault(stack, 0))
            .collect(Collectors.joining(" ")));
    Map<Stack, Integer> opened = new EnumMap<>(Stack.class);
    for (String stack : answer().split(" ", -1)) {
      int equals = stack.indexOf('=');
      opened.put(
          Stack.valueOf(stack.substring(0, equals)), Integer.valueOf(stack.substring(equals + 1)));
    }
    return opened;
  }

  private void open(Identity identity, Map<Stack, Integer> ports) {
    ports.forEach((stack, port) -> callers.put(stack, stack.caller(identity, port)));
  }

  private Map<Stack, Integer> ports() {
    Map<Stack, Integer> ports = new EnumMap<>(Stack.class);
    callers.forEach((stack, caller) -> ports.put(stack, caller.port()));
    return ports;
  }

  private String answer() throws IOException {
    String line = fromProcess.readLine();
    if (line == null) {
      throw new IOException("the second process has ended: its messages are above");
    }
    return line;
  }

  /** The calling end of a stack, connected. */
  Caller caller(Stack stack) {
    Opened<? extends Caller> caller = callers.get(stack);
    if (caller == null) {
      throw new IllegalArgumentException("not opened: " + stack);
    }
    return caller.connected();
  }

  /** The processor time that both processes have used. */
  long cpuNanos() throws IOException {
    toProcess.println("cpu");
    return Long.parseLong(answer()) + Cpu.nanos();
  }

  @Override
  public void close() {
    callers.values().forEach(Opened::close);
    toProcess.close();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

package io.restpipe.examples.benchmarks;

import io.restpipe.security.Identity;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The second process: answers. Told by lines of text on its standard input: its identity, then
 * {@code STACK=PORT} for each stack, which it opens and answers with the ports it listens on; from
 * then on, {@code cpu} asks how many nanoseconds of processor time it has used. It ends with its
 * input.
 */
final class EchoProcess {

  private EchoProcess() {}

  public static void main(String[] arguments) throws IOException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Identity identity = PassedIdentity.read(in.readLine());
    List<Opened<?>> open = new ArrayList<>();
    var ports = new StringBuilder();
    for (String wanted : in.readLine().split(" ", -1)) {
      int equals = wanted.indexOf('=');
      Stack stack = Stack.valueOf(wanted.substring(0, equals));
      Opened<?> echo = stack.echo(identity, Integer.parseInt(wanted.substring(equals + 1)));
      open.add(echo);
      ports.append(ports.isEmpty() ? "" : " ").append(stack.name()).append('=').append(echo.port());
    }
    System.out.println(ports);
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(Cpu.nanos());
    }
    open.forEach(Opened::close);
  }
}

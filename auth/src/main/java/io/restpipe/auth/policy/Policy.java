package io.restpipe.auth.policy;

import io.restpipe.event.Principal;
import io.restpipe.security.Access;
import io.restpipe.security.Authorizer;
import io.restpipe.security.NodeRole;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The rules of one node. They are asked from top to bottom, and the first that fits a call decides.
 * Where none of the file does, those decide that hold without a policy: programs on the node's own
 * machine may call everything, the server its clients, and clients the server. Immutable; any
 * thread.
 */
public final class Policy implements Authorizer {

  /** A longer file is no policy. */
  private static final long MAX_BYTES = 4 * 1024 * 1024;

  private final List<Rule> rules;
  private final List<Trust> trusts;

  Policy(List<Rule> rules, List<Trust> trusts) {
    this.rules = List.copyOf(rules);
    this.trusts = List.copyOf(trusts);
  }

  /**
   * Reads a file.
   *
   * @param node on which side of the pipe the rules hold
   * @throws PolicyException if it cannot be read, with everything that is wrong with it
   */
  public static Policy read(Path file, NodeRole node) throws PolicyException {
    byte[] bytes;
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new PolicyException(
            List.of(file + ": a policy has at most " + MAX_BYTES + " bytes, this is another file"));
      }
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException missing) {
      throw new PolicyException(List.of(file + ": there is no such file"));
    } catch (IOException unreadable) {
      throw new PolicyException(
          List.of(file + ": cannot be read: " + unreadable.getClass().getSimpleName()));
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return parse(file.toString(), text, node);
    } catch (CharacterCodingException notText) {
      throw new PolicyException(List.of(file + ": is not text in UTF-8"));
    }
  }

  /**
   * Reads a text.
   *
   * @param name what it is called in messages, in the place of a file
   */
  public static Policy parse(String name, String text, NodeRole node) throws PolicyException {
    return new PolicyParser(name, node).parse(text.lines().toList());
  }

  /** What holds where there is no file, but for users that a gateway has let in. */
  public static Policy builtIn(NodeRole node) {
    return new Policy(BuiltIn.rules(node), List.of());
  }

  @Override
  public Decision decide(Access access) {
    String[] noun = NounPattern.words(access.noun());
    for (Rule rule : rules) {
      if (rule.matches(access, noun)) {
        return rule.decision();
      }
    }
    throw new AssertionError("the last rule fits every call");
  }

  @Override
  public Optional<Principal> vouched(String client, Principal user) {
    List<Trust> lines = trusts.stream().filter(line -> line.matches(client)).toList();
    boolean covered =
        user.kind() == Principal.Kind.USER
            && lines.stream().anyMatch(line -> line.covers(Condition.Kind.USER, user.name()));
    if (!covered) {
      return Optional.empty();
    }
    return Optional.of(
        user.toBuilder()
            .roles(Trust.covered(lines, Condition.Kind.ROLE, user.roles()))
            .groups(Trust.covered(lines, Condition.Kind.GROUP, user.groups()))
            .scopes(Trust.covered(lines, Condition.Kind.SCOPE, user.scopes()))
            .vouchedBy(client)
            .build());
  }

  /** All rules in the order in which they are asked, for people. */
  public List<Line> rules() {
    return rules.stream().map(rule -> new Line(rule.where(), rule.text())).toList();
  }

  /** Whom clients may vouch for, for people. */
  public List<Line> trusts() {
    return trusts.stream().map(trust -> new Line(trust.where(), trust.text())).toList();
  }

  /**
   * A line that counts.
   *
   * @param where file and line, or {@code built-in}
   */
  public record Line(String where, String text) {}
}

package io.restpipe.auth.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.restpipe.security.AtomicFile;
import io.restpipe.security.AtomicFile.Access;
import io.restpipe.security.IdentityException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The join tokens of a server, in a text file in its folder: a line each, replaced whole. A secret
 * is 128 random bits and is kept as its SHA-256, so whoever reads the file can't join.
 *
 * <p>Any thread, and any number of processes at once: the server, and the command that makes
 * tokens.
 */
public final class JoinTokens {

  /** What the file is called. */
  public static final String FILE = "join-tokens.txt";

  /** How many there may be at once, used ones and expired ones included. */
  static final int MOST = 10_000;

  /** How long a token that is over is remembered, so that its use can be told from a wrong one. */
  static final Duration REMEMBERED = Duration.ofDays(7);

  private static final String HEADER =
      "# Join tokens: id client created expires uses used lifetime revoked sha256-of-secret\n";
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String NO_HASH = "0".repeat(64);

  private final Path file;
  private final Path lock;
  private final InstantSource clock;

  /** What became of a token that somebody showed. */
  record Redemption(Optional<JoinToken> token, JoinToken.State state) {

    /** Whether it was taken, and so is used once more. */
    boolean isAccepted() {
      return token.isPresent() && state == JoinToken.State.VALID;
    }
  }

  /**
   * A token that was just made.
   *
   * @param token as it is kept
   * @param secret what nobody will be told again
   */
  public record Created(JoinToken token, String secret) {

    /** Without the secret. */
    @Override
    public String toString() {
      return token.toString();
    }
  }

  private JoinTokens(Path folder, InstantSource clock) {
    this.file = folder.resolve(FILE);
    this.lock = folder.resolve("join-tokens.lock");
    this.clock = clock;
  }

  /** Those in a folder; the files are made when the first token is. */
  public static JoinTokens in(Path folder) {
    return in(folder, InstantSource.system());
  }

  static JoinTokens in(Path folder, InstantSource clock) {
    return new JoinTokens(folder, clock);
  }

  /**
   * Makes a token.
   *
   * @param client the name that whoever joins gets
   * @param timeToLive how long it can be used: a second at least
   * @param uses how often: 1 or more
   * @param lifetime how long the certificates are valid that it gives
   */
  public Created create(String client, Duration timeToLive, int uses, Duration lifetime)
      throws IOException {
    // Fails where no certificate could be issued for it later.
    Issuance.client(client).validFor(lifetime);
    if (timeToLive.toSeconds() < 1) {
      throw new IllegalArgumentException("time to live of a token < 1 s: " + timeToLive);
    }
    if (uses < 1) {
      throw new IllegalArgumentException("uses of a token < 1: " + uses);
    }
    return FolderLock.holding(
        lock,
        () -> {
          List<JoinToken> all = new ArrayList<>(read());
          Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
          all.removeIf(old -> now.isAfter(old.expires().plus(REMEMBERED)));
          if (all.size() >= MOST) {
            throw new IdentityException(
                file + ": holds " + MOST + " tokens already; wait until some have expired");
          }
          String secret = random(16);
          String id = random(4);
          while (find(all, id).isPresent()) {
            id = random(4);
          }
          var token =
              new JoinToken(
                  id, client, now, now.plus(timeToLive), uses, 0, lifetime, false, hash(secret));
          all.add(token);
          write(all);
          return new Created(token, secret);
        });
  }

  /** All that are remembered, the oldest first. */
  public List<JoinToken> all() throws IOException {
    return read();
  }

  /**
   * Makes a token useless, whatever it was before.
   *
   * @return whether there is such a token
   */
  public boolean revoke(String id) throws IOException {
    return FolderLock.holding(
        lock,
        () -> {
          List<JoinToken> all = new ArrayList<>(read());
          Optional<JoinToken> found = find(all, id);
          found.ifPresent(token -> all.set(all.indexOf(token), token.withRevoked()));
          if (found.isPresent()) {
            write(all);
          }
          return found.isPresent();
        });
  }

  /**
   * Looks at a token that somebody shows, without using it.
   *
   * @param id from outside, so anything
   * @param secret from outside, so anything
   */
  Redemption look(String id, String secret) throws IOException {
    return judge(read(), id, secret);
  }

  /** Uses a token once more, if it can be used: of two at once, never both for the last use. */
  Redemption redeem(String id, String secret) throws IOException {
    return FolderLock.holding(
        lock,
        () -> {
          List<JoinToken> all = new ArrayList<>(read());
          Redemption judged = judge(all, id, secret);
          if (judged.isAccepted()) {
            JoinToken token = judged.token().orElseThrow();
            all.set(all.indexOf(token), token.withUsed(token.used() + 1));
            write(all);
          }
          return judged;
        });
  }

  /** Gives a use back that came to nothing. */
  void giveBack(String id) throws IOException {
    FolderLock.run(
        lock,
        () -> {
          List<JoinToken> all = new ArrayList<>(read());
          Optional<JoinToken> found = find(all, id).filter(token -> token.used() > 0);
          if (found.isPresent()) {
            JoinToken token = found.get();
            all.set(all.indexOf(token), token.withUsed(token.used() - 1));
            write(all);
          }
        });
  }

  /** The same work for a token that is there and for one that is not. */
  private Redemption judge(List<JoinToken> all, String id, String secret) {
    Optional<JoinToken> found = find(all, id);
    String kept = found.map(JoinToken::hash).orElse(NO_HASH);
    boolean fits = MessageDigest.isEqual(hash(secret).getBytes(US_ASCII), kept.getBytes(US_ASCII));
    return found.isPresent() && fits
        ? new Redemption(found, found.get().state(clock.instant()))
        : new Redemption(Optional.empty(), JoinToken.State.REVOKED);
  }

  private static Optional<JoinToken> find(List<JoinToken> all, String id) {
    return all.stream().filter(token -> token.id().equals(id)).findFirst();
  }

  private List<JoinToken> read() throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, US_ASCII);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    List<JoinToken> all = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank() && !lines.get(i).startsWith("#")) {
        all.add(parse(lines.get(i), i + 1));
      }
    }
    return all;
  }

  private JoinToken parse(String line, int number) {
    String[] words = line.split(" ", -1);
    try {
      if (words.length != 9) {
        throw new IllegalArgumentException("not 9 words");
      }
      return new JoinToken(
          words[0],
          words[1],
          Instant.parse(words[2]),
          Instant.parse(words[3]),
          Integer.parseInt(words[4]),
          Integer.parseInt(words[5]),
          Duration.parse(words[6]),
          Boolean.parseBoolean(words[7]),
          words[8]);
    } catch (DateTimeException | IllegalArgumentException e) {
      throw new IdentityException(
          file + ":" + number + ": is not a line of the list of join tokens; remove it");
    }
  }

  private void write(List<JoinToken> all) throws IOException {
    var text = new StringBuilder(HEADER);
    for (JoinToken token : all) {
      text.append(
          "%s %s %s %s %d %d %s %s %s%n"
              .formatted(
                  token.id(),
                  token.client(),
                  token.created(),
                  token.expires(),
                  token.uses(),
                  token.used(),
                  token.lifetime(),
                  token.revoked(),
                  token.hash()));
    }
    try (AtomicFile written =
        AtomicFile.prepare(file, text.toString().getBytes(US_ASCII), Access.OWNER)) {
      written.replace();
    }
  }

  private static String random(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  private static String hash(String secret) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(secret.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }
}

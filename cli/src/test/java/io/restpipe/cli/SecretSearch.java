package io.restpipe.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds secrets in text: by their shape those that are made while tests run, and by their value
 * those that stand in the tests' sources.
 */
final class SecretSearch {

  private static final int SHORTEST = 8;

  private static final Map<String, Pattern> SHAPES = shapes();

  // What makes a secret in a test's source: a Secret, a constant, a setting, or a member of JSON.
  private static final List<Pattern> IN_SOURCES =
      Stream.of(
              "Secret\\(\\s*\"((?:[^\"\\\\]|\\\\.)+)\"",
              "(?i)\\w*(?:password|passphrase|secret)\\w*\\s*=\\s*\"((?:[^\"\\\\]|\\\\.)+)\"",
              "(?i)(?:password|passphrase|secret_key) ?= ?([^\\s\"\\\\&]+)[\"\\\\&]",
              "(?i)(?:password|passphrase|secret|token)\\\\\" ?: ?\\\\\"([^\\s\"\\\\]+)\\\\\"")
          .map(Pattern::compile)
          .toList();

  private final Set<String> known;

  SecretSearch(Set<String> known) {
    this.known = known;
  }

  private static Map<String, Pattern> shapes() {
    var shapes = new LinkedHashMap<String, String>();
    shapes.put("JSON Web Token", "eyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]{16,}");
    shapes.put("private key (PEM)", "-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----");
    shapes.put(
        "private key (DER)",
        "MI[IGH][\\w+/]{0,6}(?:AgEAMBMGByqGSM49|IBADANBgkqhkiG9w0BAQEF)|MC4CAQAwBQYDK2Vw");
    shapes.put("private key (JWK)", "\"(?:d|k)\"\\s*:\\s*\"[\\w-]{20,}\"");
    shapes.put(
        "password hash",
        "\\$(?:argon2i?d?|2[aby]|apr1|scrypt|pbkdf2[\\w-]*|[156])\\$[^\\s]{10,}|\\{S?SHA\\}[\\w+/=]{20,}");
    shapes.put("join token", "rpj1\\.[0-9a-f]{8}\\.[0-9a-f]{8,}");
    shapes.put("refresh token", "(?<![\\w.-])[\\w-]{22}\\.[\\w-]{43}(?![\\w-])");
    shapes.put("credentials of Basic", "(?i)\\bbasic [\\w+/]{6,}={0,2}");
    shapes.put("credentials of Bearer", "(?i)\\bbearer [\\w.~+/-]{20,}");
    shapes.put("credentials in a URL", "\\b[a-z]+://[^\\s/:@]+:[^\\s/:@]+@");
    shapes.put(
        "password of a setting", "(?i)(?:password|passphrase|secret_key)=(?![*<?&\\s]|$)[^\\s,]+");
    var patterns = new LinkedHashMap<String, Pattern>();
    shapes.forEach((kind, shape) -> patterns.put(kind, Pattern.compile(shape)));
    return patterns;
  }

  static Set<String> kinds() {
    return SHAPES.keySet();
  }

  /** Knows what stands in the Java files below the folders. */
  static SecretSearch ofSources(List<Path> folders) throws IOException {
    var known = new TreeSet<String>();
    for (Path folder : folders) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(one -> one.toString().endsWith(".java")).toList()) {
          String source = Files.readString(file);
          for (Pattern pattern : IN_SOURCES) {
            pattern.matcher(source).results().map(found -> found.group(1)).forEach(known::add);
          }
        }
      }
    }
    known.removeIf(secret -> secret.length() < SHORTEST);
    return new SecretSearch(known);
  }

  Set<String> known() {
    return known;
  }

  /** Each finding says where, which kind, and how the secret begins. */
  List<String> search(Path log) throws IOException {
    var findings = new ArrayList<String>();
    try (BufferedReader lines = Files.newBufferedReader(log, StandardCharsets.ISO_8859_1)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        Optional<String> found = find(line);
        if (found.isPresent()) {
          findings.add(log + ":" + number + ": " + found.orElseThrow());
        }
      }
    }
    return findings;
  }

  Optional<String> find(String line) {
    for (Map.Entry<String, Pattern> shape : SHAPES.entrySet()) {
      Matcher matcher = shape.getValue().matcher(line);
      if (matcher.find()) {
        return Optional.of(shape.getKey() + ", " + beginning(matcher.group()));
      }
    }
    return known.stream()
        .filter(line::contains)
        .findFirst()
        .map(secret -> "secret of a test, " + beginning(secret));
  }

  private static String beginning(String secret) {
    return secret.substring(0, Math.min(4, secret.length())) + "…";
  }
}

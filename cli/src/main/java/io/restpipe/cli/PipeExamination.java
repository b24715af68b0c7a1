package io.restpipe.cli;

import io.restpipe.config.Endpoint;
import io.restpipe.security.CertificateCheck;
import io.restpipe.security.CertificateProblem;
import io.restpipe.security.Identity;
import io.restpipe.security.NodeRole;
import io.restpipe.security.PeerName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The doctor's look at the way from a client to its server, step by step. */
final class PipeExamination {

  private static final int CONNECT_MILLIS = 5_000;
  private static final Duration SKEW_NOTED = Duration.ofSeconds(30);
  private static final Duration SKEW_WRONG = Duration.ofMinutes(5);
  private static final int DNS = 2;
  private static final int IP = 7;

  private final Endpoint.Tcp target;
  private final @Nullable String expected;
  private final Map<String, String> environment;
  private final Findings findings;

  /**
   * @param expected what the server's certificate must be for; null: for anything
   */
  PipeExamination(
      Endpoint.Tcp target,
      @Nullable String expected,
      Map<String, String> environment,
      Findings findings) {
    this.target = target;
    this.expected = expected;
    this.environment = environment;
    this.findings = findings;
  }

  /** All steps, as far as each one's success lets the next one be tried. */
  void run(@Nullable Identity identity) {
    proxy();
    Optional<InetSocketAddress> reached = resolve().flatMap(this::connect);
    if (reached.isEmpty()) {
      return;
    }
    var probe = new TlsProbe(reached.orElseThrow(), target.host());
    if (tls(probe, identity) && identity != null) {
      admission(probe, identity);
    }
  }

  private void proxy() {
    Optional<String> variable =
        environment.keySet().stream()
            .filter(
                name ->
                    List.of("https_proxy", "all_proxy", "http_proxy")
                        .contains(name.toLowerCase(Locale.ROOT)))
            .filter(name -> !environment.getOrDefault(name, "").isEmpty())
            .sorted()
            .findFirst();
    if (variable.isPresent()) {
      findings.warn(
          "proxy",
          variable.orElseThrow() + " is set, and not used: the pipe is dialed directly",
          "let " + target + " through the firewall if the next lines fail");
    } else {
      findings.good("proxy", "none in the environment");
    }
  }

  private Optional<InetAddress[]> resolve() {
    try {
      InetAddress[] addresses = InetAddress.getAllByName(target.host());
      findings.good(
          "name",
          target.host()
              + " is "
              + Arrays.stream(addresses)
                  .map(InetAddress::getHostAddress)
                  .collect(Collectors.joining(", ")));
      return Optional.of(addresses);
    } catch (UnknownHostException unknown) {
      findings.wrong(
          "name",
          target.host() + " is not known here",
          "check --target-hostname, or this machine's resolver");
      return Optional.empty();
    }
  }

  private Optional<InetSocketAddress> connect(InetAddress[] addresses) {
    IOException last = null;
    for (InetAddress address : addresses) {
      var candidate = new InetSocketAddress(address, target.port());
      try (Socket socket = new Socket()) {
        long started = System.nanoTime();
        socket.connect(candidate, CONNECT_MILLIS);
        findings.good(
            "tcp",
            "%s answers within %d ms"
                .formatted(target, (System.nanoTime() - started) / 1_000_000 + 1));
        return Optional.of(candidate);
      } catch (IOException failed) {
        last = failed;
      }
    }
    findings.wrong(
        "tcp",
        "no connection to " + target + ": " + (last == null ? "" : last.getMessage()),
        "is rp-server running there, and does a firewall let " + target.port() + " through?");
    return Optional.empty();
  }

  private boolean tls(TlsProbe probe, @Nullable Identity identity) {
    List<X509Certificate> chain;
    try {
      chain = probe.shown();
    } catch (IOException failed) {
      findings.wrong(
          "tls",
          target + " shows no certificate: " + failed.getMessage(),
          "is that the pipe's port, and not the gateway's?");
      return false;
    }
    if (identity == null) {
      findings.warn("tls", "shown: " + subject(chain), "install an identity to have it checked");
      return false;
    }
    List<CertificateProblem> problems =
        new CertificateCheck(identity.trustAnchors(), NodeRole.SERVER, Instant.now())
            .problems(chain);
    for (CertificateProblem problem : problems) {
      findings.wrong("tls", "server certificate " + problem.what(), remedy(problem));
    }
    boolean named = name(chain.get(0));
    if (problems.isEmpty()) {
      findings.good(
          "tls", subject(chain) + ", trusted, until " + chain.get(0).getNotAfter().toInstant());
    }
    return problems.isEmpty() && named;
  }

  private static String subject(List<X509Certificate> chain) {
    return CertificateCheck.name(chain.get(0).getSubjectX500Principal());
  }

  private static String remedy(CertificateProblem problem) {
    return switch (problem.kind()) {
      case UNTRUSTED ->
          "install this server's authority; or something between decrypts TLS: exempt this host";
      case NOT_YET_VALID -> "set the clocks right, here or there";
      case EXPIRED, AUTHORITY_EXPIRED -> "renew it on the server; or is this clock wrong?";
      case REVOKED, INVALID_CHAIN, WRONG_USAGE, NO_NAME ->
          "give the server a certificate from rp-ca issue --server";
    };
  }

  private boolean name(X509Certificate certificate) {
    List<String> names = namesOrSubject(certificate);
    if (expected == null) {
      findings.warn(
          "host name",
          "any server of the authority will do; this one is for " + String.join(", ", names),
          "let it be checked: RP_CLIENT_VERIFY_SERVER=name");
      return true;
    }
    String host = expected.toLowerCase(Locale.ROOT);
    boolean fits = names.stream().anyMatch(name -> fits(name, host));
    if (fits) {
      findings.good("host name", "the server's certificate is for " + host);
    } else {
      findings.wrong(
          "host name",
          "the server's certificate is for " + String.join(", ", names) + ", not for " + host,
          "dial one of these, or issue one with rp-ca issue --server --dns " + host);
    }
    return fits;
  }

  /** A certificate without alternative names is for its common name, where that is asked for. */
  private static List<String> namesOrSubject(X509Certificate certificate) {
    List<String> names = names(certificate);
    return names.isEmpty() ? PeerName.of(certificate).stream().toList() : names;
  }

  /** A wildcard stands for one label (RFC 6125, section 6.4.3). */
  private static boolean fits(String name, String host) {
    if (name.startsWith("*.")) {
      int dot = host.indexOf('.');
      return dot > 0 && host.substring(dot).equalsIgnoreCase(name.substring(1));
    }
    return name.equalsIgnoreCase(host);
  }

  static List<String> names(X509Certificate certificate) {
    try {
      var names = certificate.getSubjectAlternativeNames();
      if (names == null) {
        return List.of();
      }
      return names.stream()
          .filter(name -> name.get(0).equals(DNS) || name.get(0).equals(IP))
          .map(name -> String.valueOf(name.get(1)))
          .toList();
    } catch (CertificateParsingException unreadable) {
      return List.of();
    }
  }

  private void admission(TlsProbe probe, Identity identity) {
    Instant before = Instant.now();
    String answer;
    try {
      answer = probe.admitted(identity);
    } catch (IOException refused) {
      if (String.valueOf(refused.getMessage()).contains("no_application_protocol")) {
        findings.warn(
            "admission", "the server does not know this question", "update the server for more");
        return;
      }
      findings.wrong(
          "admission",
          "the server does not let this client in: " + refused.getMessage(),
          remedy(String.valueOf(refused.getMessage())));
      return;
    }
    try {
      JsonNode told = JsonMapper.shared().readTree(answer);
      findings.good("admission", "the server lets us in as " + told.path("name").asString("?"));
      findings.good("version", "server " + told.path("server").asString("?"));
      clock(Instant.parse(told.path("time").asString("")), before);
    } catch (JacksonException | DateTimeException older) {
      findings.warn(
          "admission",
          "the server lets us in, and tells nothing of itself",
          "update the server for more");
    }
  }

  /** By the alert (RFC 8446, section 6.2) that the server refuses with. */
  private static String remedy(String refusal) {
    if (refusal.contains("certificate_revoked")) {
      return "this certificate was revoked: join anew with a new line";
    }
    if (refusal.contains("certificate_expired")) {
      return "renew the certificate, or join anew; or is the server's clock wrong?";
    }
    if (refusal.contains("unknown_ca")) {
      return "the server does not trust this certificate's authority: get one of the server's";
    }
    return "its log says why; renew the certificate, or join anew";
  }

  private void clock(Instant theirs, Instant before) {
    Instant middle = before.plus(Duration.between(before, Instant.now()).dividedBy(2));
    Duration skew = Duration.between(middle, theirs);
    String detail =
        "this clock is %d ms %s the server's"
            .formatted(skew.abs().toMillis(), skew.isNegative() ? "ahead of" : "behind");
    if (skew.abs().compareTo(SKEW_WRONG) > 0) {
      findings.wrong("clock", detail, "set the clocks by NTP");
    } else if (skew.abs().compareTo(SKEW_NOTED) > 0) {
      findings.warn("clock", detail, "set the clocks by NTP");
    } else {
      findings.good("clock", detail);
    }
  }
}

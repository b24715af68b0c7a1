package io.restpipe.cli;

import io.restpipe.config.Endpoint;
import io.restpipe.config.Secret;
import io.restpipe.config.Setting;
import io.restpipe.config.Settings;
import io.restpipe.security.CertificateCheck;
import io.restpipe.security.CertificateProblem;
import io.restpipe.security.CertificateProblem.Kind;
import io.restpipe.security.IdentityException;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.JoinLine;
import io.restpipe.security.NodeRole;
import io.restpipe.security.Pem;
import java.nio.file.Path;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Join lines for this server: how clients reach it, and by which authority they know it. */
final class JoinLineMaker {

  /** What it needs to know. */
  static final List<Setting<?>> SETTINGS =
      List.of(
          ServerSettings.ADDRESS,
          ServerSettings.BIND_PORT,
          ServerSettings.CERT_PATH,
          ServerSettings.CRT_FILENAME,
          ServerSettings.KEY_FILENAME,
          CommonSettings.CA_CRT_FILENAME,
          CaSettings.PATH);

  private static final int DNS = 2;
  private static final int IP = 7;
  private static final Set<String> LOOPBACK =
      Set.of("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1", "::1");

  private final String host;
  private final int port;
  private final String fingerprint;

  private JoinLineMaker(String host, int port, String fingerprint) {
    this.host = host;
    this.port = port;
    this.fingerprint = fingerprint;
  }

  /**
   * Those of the server with these settings.
   *
   * @throws CommandException if it has no authority, no identity, or no port that could be said
   */
  static JoinLineMaker of(Settings settings) throws CommandException {
    Path authority =
        settings
            .find(CaSettings.PATH)
            .orElseThrow(
                () ->
                    new CommandException(
                        ExitCode.USAGE,
                        "this server has no authority to let clients join: name its folder (made by"
                            + " rp-ca init) with ca.path, RP_CA_PATH or --ca-path, here and for"
                            + " rp-server start"));
    IdentityFiles files = InstalledIdentity.files(settings, NodeRole.SERVER);
    List<X509Certificate> chain = Pem.readCertificates(files.chain());
    X509Certificate anchor = anchor(chain, files);
    Path roots = authority.resolve(IdentityFiles.TRUST_ANCHORS);
    if (!Pem.readCertificates(roots).contains(anchor)) {
      throw new IdentityException(
          "%s: is not of the authority in %s, so clients that join could not tell the server; issue it there with rp-ca issue"
              .formatted(files.chain(), authority));
    }
    String fingerprint = JoinLine.fingerprint(anchor);
    Endpoint.Tcp address = settings.find(ServerSettings.ADDRESS).orElse(null);
    if (address != null) {
      return new JoinLineMaker(address.host(), address.port(), fingerprint);
    }
    int port = settings.get(ServerSettings.BIND_PORT);
    if (port == 0) {
      throw new CommandException(
          ExitCode.USAGE,
          "the server takes any free port, so say how clients reach it: --address HOST:PORT");
    }
    return new JoinLineMaker(host(chain.get(0)), port, fingerprint);
  }

  /** The authority that the server's certificate leads to. */
  private static X509Certificate anchor(List<X509Certificate> chain, IdentityFiles files) {
    for (X509Certificate anchor : Pem.readCertificates(files.trustAnchors())) {
      List<CertificateProblem> problems =
          new CertificateCheck(List.of(anchor), NodeRole.SERVER, Instant.now()).problems(chain);
      if (problems.stream()
          .noneMatch(
              problem ->
                  problem.kind() == Kind.UNTRUSTED || problem.kind() == Kind.INVALID_CHAIN)) {
        return anchor;
      }
    }
    throw new IdentityException(
        files.chain() + ": leads to no authority in " + files.trustAnchors());
  }

  /** The first name or address in the certificate that can be reached from elsewhere. */
  private static String host(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      for (int type : new int[] {DNS, IP}) {
        for (List<?> name : names == null ? List.<List<?>>of() : names) {
          String value = String.valueOf(name.get(1));
          if (name.get(0).equals(type) && !LOOPBACK.contains(value) && !value.contains("*")) {
            return value;
          }
        }
      }
      return "localhost";
    } catch (CertificateParsingException e) {
      return "localhost";
    }
  }

  /** The line for a token. */
  String line(String id, Secret secret) throws CommandException {
    try {
      JoinLine line = new JoinLine(host, port, id, secret.reveal(), fingerprint);
      // Brackets mean something to some shells.
      return host.contains(":") ? "'" + line.text() + "'" : line.text();
    } catch (IllegalArgumentException wrong) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(wrong.getMessage()), wrong);
    }
  }
}

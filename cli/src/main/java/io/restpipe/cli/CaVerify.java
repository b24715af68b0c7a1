package io.restpipe.cli;

import io.restpipe.config.Settings;
import io.restpipe.security.CertificateCheck;
import io.restpipe.security.CertificateProblem;
import io.restpipe.security.Identity;
import io.restpipe.security.IdentityException;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.NodeRole;
import io.restpipe.security.PeerName;
import io.restpipe.security.Pem;
import io.restpipe.security.RevocationLists;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rp-ca verify CRT}: whether a certificate is good for a node. */
@Command(
    sortOptions = false,
    description = {
      "Checks a certificate as a node would: chain, dates, usage, name, revocation, and its key.",
      "All that is wrong is said; the exit status is 0 only where nothing is."
    })
final class CaVerify extends CaCommand {

  @Parameters(
      index = "0",
      paramLabel = "CRT",
      description = "The certificate, and after it the intermediate ones.")
  private Path file = Path.of("");

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = {
        "The authorities that are trusted",
        "(default: ca.crt.pem in the authority's folder, or beside the certificate)."
      })
  private @Nullable Path authorities;

  @Option(
      names = "--crl",
      paramLabel = "FILE",
      description = "Lists of revoked certificates (default: ca.crl.pem, where it is there).")
  private @Nullable Path lists;

  @Option(names = "--key", paramLabel = "FILE", description = "The private key that should fit.")
  private @Nullable Path key;

  @Option(names = "--server", description = "It must be good for a server.")
  private boolean server;

  @Option(names = "--client", description = "It must be good for a client.")
  private boolean client;

  CaVerify(Terminal terminal) {
    super(terminal, CommonSettings.KEY_PASSPHRASE);
  }

  @Override
  void work(Settings settings) throws CommandException {
    List<X509Certificate> chain = Pem.readCertificates(file);
    Path anchorsFile = beside(authorities, IdentityFiles.TRUST_ANCHORS);
    List<X509Certificate> anchors = Pem.readCertificates(anchorsFile);
    List<String> problems = new ArrayList<>();
    for (NodeRole role : roles(chain.get(0))) {
      for (CertificateProblem problem :
          new CertificateCheck(anchors, role, Instant.now()).problems(chain)) {
        String sentence = file + ": certificate " + problem.what();
        if (!problems.contains(sentence)) {
          problems.add(sentence);
        }
      }
    }
    String revocation = revocation(chain, anchors, problems);
    if (key != null
        && !Identity.fits(
            Pem.readPrivateKey(key, Passphrases.asking(settings, CommonSettings.KEY_PASSPHRASE)),
            chain.get(0).getPublicKey())) {
      problems.add(key + ": does not fit the certificate in " + file);
    }
    if (!problems.isEmpty()) {
      throw new IdentityException(problems);
    }
    say(chain.get(0), anchorsFile, revocation);
  }

  private void say(X509Certificate certificate, Path anchorsFile, String revocation) {
    terminal().say(file + ": good");
    line("chain", "leads to an authority in " + anchorsFile);
    line("dates", "valid until " + certificate.getNotAfter().toInstant());
    line(
        "usage",
        String.join(" and ", roles(certificate).stream().map(NodeRole::toString).toList()));
    line("name", PeerName.of(certificate).orElseThrow());
    line("revocation", revocation);
    if (key != null) {
      line("key", "is that of " + key);
    }
  }

  private void line(String name, String value) {
    terminal().say("  %-10s %s".formatted(name, value));
  }

  private String revocation(
      List<X509Certificate> chain, List<X509Certificate> anchors, List<String> problems)
      throws CommandException {
    Path found = beside(lists, "ca.crl.pem");
    if (lists == null && Files.notExists(found)) {
      return "not checked: there is no ca.crl.pem";
    }
    List<X509Certificate> known = new ArrayList<>(anchors);
    known.addAll(chain.subList(1, chain.size()));
    try {
      RevocationLists.read(List.of(found), known)
          .find(chain)
          .ifPresent(
              revoked ->
                  problems.add(file + ": certificate " + revoked.problem(Instant.now()).what()));
    } catch (IdentityException unusable) {
      problems.addAll(unusable.problems());
    }
    return "not on the lists in " + found;
  }

  private Path beside(@Nullable Path given, String name) throws CommandException {
    if (given != null) {
      return given;
    }
    if (authorities != null) {
      return authorities.resolveSibling(name);
    }
    Path folder = folderOrNull();
    return folder != null ? folder.resolve(name) : file.resolveSibling(name);
  }

  /** Those that were asked for, else those that the certificate is for. */
  private List<NodeRole> roles(X509Certificate certificate) {
    List<NodeRole> roles = new ArrayList<>();
    if (server) {
      roles.add(NodeRole.SERVER);
    }
    if (client) {
      roles.add(NodeRole.CLIENT);
    }
    if (!roles.isEmpty()) {
      return roles;
    }
    try {
      List<String> usage = certificate.getExtendedKeyUsage();
      for (NodeRole role : NodeRole.values()) {
        if (usage == null || usage.contains(role.usageOid())) {
          roles.add(role);
        }
      }
    } catch (CertificateParsingException e) {
      // What can't be read is said by the check.
    }
    return roles.isEmpty() ? List.of(NodeRole.CLIENT) : roles;
  }
}

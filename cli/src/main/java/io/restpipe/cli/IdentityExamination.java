package io.restpipe.cli;

import io.restpipe.config.Settings;
import io.restpipe.security.CertificateCheck;
import io.restpipe.security.Identity;
import io.restpipe.security.IdentityException;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.NodeRole;
import io.restpipe.security.PeerName;
import io.restpipe.security.RevocationLists;
import io.restpipe.security.Revoked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The doctor's look at the files of an identity. */
final class IdentityExamination {

  private static final Duration SOON = Duration.ofDays(30);
  private static final int SHARE = 5;

  private final Settings settings;
  private final NodeRole role;
  private final Findings findings;

  IdentityExamination(Settings settings, NodeRole role, Findings findings) {
    this.settings = settings;
    this.role = role;
    this.findings = findings;
  }

  /** The identity, where there is one that can be used. */
  Optional<Identity> run() {
    IdentityFiles files = InstalledIdentity.files(settings, role);
    if (Files.notExists(files.key()) && Files.notExists(files.chain())) {
      findings.wrong(
          "files",
          "there is no identity in " + files.key().toAbsolutePath().getParent(),
          role == NodeRole.CLIENT
              ? "rp-client join LINE, or rp-client set-identity KEY CRT CA"
              : "rp-server set-identity KEY CRT CA");
      return Optional.empty();
    }
    modes(files);
    Identity identity;
    try {
      identity = files.loadChecked(Instant.now(), InstalledIdentity.passphrases(settings));
    } catch (IdentityException unusable) {
      unusable.problems().forEach(problem -> findings.wrong("files", problem, ""));
      return Optional.empty();
    }
    findings.good(
        "files",
        PeerName.of(identity.certificate()).orElse("")
            + ", key fits, signed by "
            + CertificateCheck.name(identity.certificate().getIssuerX500Principal()));
    expiry("certificate", identity.certificate());
    identity.trustAnchors().forEach(anchor -> expiry("authority", anchor));
    revocation(identity);
    return Optional.of(identity);
  }

  private void modes(IdentityFiles files) {
    Path key = files.key();
    try {
      Set<PosixFilePermission> modes = Files.getPosixFilePermissions(key);
      String text = PosixFilePermissions.toString(modes);
      if (text.endsWith("------")) {
        findings.good("modes", key + " is " + text);
      } else {
        findings.wrong("modes", key + " is " + text + ": others may read it", "chmod 600 " + key);
      }
    } catch (IOException | UnsupportedOperationException unknown) {
      findings.warn("modes", key + ": who may read it is not known", "look yourself");
    }
    Path folder = key.toAbsolutePath().getParent();
    if (role == NodeRole.CLIENT && folder != null && !Files.isWritable(folder)) {
      findings.warn(
          "modes",
          folder + " is not writable: a renewed certificate is lost at the next start",
          "let this user write there");
    }
  }

  private void expiry(String what, X509Certificate certificate) {
    Instant now = Instant.now();
    Instant end = certificate.getNotAfter().toInstant();
    String subject = CertificateCheck.name(certificate.getSubjectX500Principal());
    if (now.isAfter(end)) {
      findings.wrong(
          "expiry",
          "%s %s expired %s ago"
              .formatted(what, subject, CertificateCheck.words(Duration.between(end, now))),
          "issue a new one");
      return;
    }
    Duration left = Duration.between(now, end);
    Duration life = Duration.between(certificate.getNotBefore().toInstant(), end);
    String detail =
        "%s %s expires in %s (%s)".formatted(what, subject, CertificateCheck.words(left), end);
    if (left.compareTo(SOON) < 0 && left.compareTo(life.dividedBy(SHARE)) < 0) {
      findings.warn(
          "expiry", detail, "let it renew itself, or issue a new one with rp-ca renew or issue");
    } else {
      findings.good("expiry", detail);
    }
  }

  private void revocation(Identity identity) {
    try {
      List<Path> present =
          IdentityFollowing.lists(settings, role).stream().filter(Files::exists).toList();
      if (present.isEmpty()) {
        findings.good("revocation", "no list of revoked certificates here");
        return;
      }
      RevocationLists lists = RevocationLists.read(present, identity.trustAnchors());
      Optional<Revoked> revoked = lists.find(identity.chain());
      if (revoked.isPresent()) {
        findings.wrong(
            "revocation",
            "certificate " + revoked.orElseThrow().problem(Instant.now()).what(),
            "join anew, or install another identity");
      } else {
        findings.good("revocation", "not on the " + present.size() + " list file(s)");
      }
      lists
          .warnings(Instant.now())
          .forEach(warning -> findings.warn("revocation", warning, "rp-ca crl, and copy it here"));
    } catch (IdentityException unusable) {
      unusable.problems().forEach(problem -> findings.wrong("revocation", problem, ""));
    } catch (CommandException missing) {
      findings.wrong("revocation", String.valueOf(missing.getMessage()), "");
    }
  }
}

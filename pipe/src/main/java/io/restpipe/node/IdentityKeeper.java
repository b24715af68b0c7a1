package io.restpipe.node;

import io.restpipe.security.CertificateRequest;
import io.restpipe.security.Identity;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.IssuedCertificate;
import io.restpipe.security.NodeRole;
import io.restpipe.security.PassphraseSource;
import java.io.IOException;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a client's renewed identity: in its files, and with whoever embeds the client. Blocks. */
final class IdentityKeeper implements Renewal.RenewedIdentity {

  private static final Logger LOG = LoggerFactory.getLogger(IdentityKeeper.class);

  private final @Nullable IdentityFiles files;
  private final PassphraseSource passphrases;
  private final @Nullable Consumer<Identity> renewed;
  private final NodeParts parts;

  IdentityKeeper(ClientNode.Builder settings, NodeParts parts) {
    this.files = settings.identityFiles;
    this.passphrases = settings.identityPassphrase;
    this.renewed = settings.renewed;
    this.parts = parts;
  }

  /** A certificate is dated back for clocks that are behind; its file is as old as it is itself. */
  Instant since() {
    Instant begin = parts.identity().current().identity().certificate().getNotBefore().toInstant();
    Instant now = Instant.now();
    Instant written = now;
    if (files != null) {
      try {
        written = Files.getLastModifiedTime(files.chain()).toInstant();
      } catch (IOException unknown) {
        LOG.debug("the age of {} is not known", files.chain(), unknown);
      }
    }
    Instant since = written.isAfter(begin) ? written : begin;
    return since.isAfter(now) ? now : since;
  }

  @Override
  public Identity keep(CertificateRequest request, IssuedCertificate issued) {
    Identity next =
        new Identity(request.privateKey(), issued.chain(), trustAnchors(issued.trustAnchors()));
    if (files != null) {
      try {
        files.write(next, passphrases);
      } catch (IOException unwritable) {
        LOG.error(
            "the renewed identity can't be written to {}: it is lost at the next start; let this"
                + " user write there",
            files.chain().toAbsolutePath().getParent(),
            unwritable);
      }
    }
    if (renewed != null) {
      renewed.accept(next);
    }
    return next;
  }

  /** Those that the authority names; and ours, as long as the server is of no other. */
  private List<X509Certificate> trustAnchors(List<X509Certificate> named) {
    if (!parts.forgetsPeers(named, NodeRole.SERVER)) {
      return named;
    }
    var both = new LinkedHashSet<>(named);
    both.addAll(parts.identity().current().identity().trustAnchors());
    return List.copyOf(both);
  }
}

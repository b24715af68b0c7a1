package io.restpipe.auth.identity;

import io.restpipe.security.IdentityException;
import io.restpipe.security.PassphraseSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The authority in a folder as it is at the moment: read anew when its certificates have changed,
 * as they do when a new root takes over.
 */
final class LiveAuthority {

  private static final Logger log = LoggerFactory.getLogger(LiveAuthority.class);
  private static final Duration LOOKING = Duration.ofHours(1);

  private final AuthorityFiles files;
  private final PassphraseSource passphrases;
  private final InstantSource clock;
  private final CertificateRecords records;
  private @Nullable CertificateAuthority current;
  private List<Object> seen = List.of();
  private Instant looked = Instant.EPOCH;

  LiveAuthority(Path folder, PassphraseSource passphrases, InstantSource clock) {
    this.files = new AuthorityFiles(folder);
    this.passphrases = passphrases;
    this.clock = clock;
    this.records = new CertificateRecords(files.records());
  }

  /**
   * The authority.
   *
   * @throws IdentityException if it can't sign
   */
  synchronized CertificateAuthority get() {
    List<Object> now = marks();
    CertificateAuthority known = current;
    if (known == null || !now.equals(seen)) {
      known = CertificateAuthority.open(files.folder(), passphrases, clock);
      current = known;
      seen = now;
    }
    return known;
  }

  /** What changes when a file is replaced. */
  private List<Object> marks() {
    List<Object> marks = new ArrayList<>();
    for (Path file : List.of(files.anchors(), files.issuerChain())) {
      try {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        marks.add(attributes.lastModifiedTime());
        marks.add(attributes.size());
        marks.add(String.valueOf(attributes.fileKey()));
      } catch (IOException e) {
        marks.add("missing");
      }
    }
    return marks;
  }

  /**
   * Writes new lists of revoked certificates where half of their time is over; looks once an hour.
   * That it fails stops nobody: a list that is out of date still counts.
   */
  void keepListsFresh() {
    Instant now = clock.instant();
    synchronized (this) {
      if (looked.plus(LOOKING).isAfter(now)) {
        return;
      }
      looked = now;
    }
    try {
      CertificateRegister.open(files.folder(), files.rootKeys(), passphrases, clock)
          .refreshRevocations();
    } catch (IOException | IdentityException e) {
      log.warn("the lists of revoked certificates can't be written anew: {}", e.getMessage());
    }
  }

  /** What is remembered of a certificate: nothing where another authority issued it. */
  Optional<CertificateRecord> find(X509Certificate certificate) throws IOException {
    Optional<CertificateRecord> found = records.find(certificate.getSerialNumber());
    return found.isPresent() && isOurs(certificate) ? found : Optional.empty();
  }

  /** Serial numbers are 128 random bits, but another authority may choose its own. */
  private boolean isOurs(X509Certificate certificate) throws IOException {
    for (X509Certificate signer : files.signers()) {
      if (Authorities.signed(signer, certificate)) {
        return true;
      }
    }
    return false;
  }
}

package io.restpipe.auth.identity;

import io.restpipe.security.IdentityException;
import io.restpipe.security.PassphraseSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The authority in a folder as it is at the moment: read anew when its certificates have changed,
 * as they do when a new root takes over.
 */
final class LiveAuthority {

  private final AuthorityFiles files;
  private final PassphraseSource passphrases;
  private final InstantSource clock;
  private final CertificateRecords records;
  private @Nullable CertificateAuthority current;
  private List<Object> seen = List.of();

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

package io.restpipe.auth.identity;

import io.restpipe.auth.identity.CertificateRecord.Revocation;
import io.restpipe.auth.identity.CertificateRecord.State;
import io.restpipe.security.AtomicFile;
import io.restpipe.security.AtomicFile.Access;
import io.restpipe.security.NodeRole;
import io.restpipe.security.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an authority remembers, in its folder: each certificate that it issued, and each that it
 * revoked. Safe for any number of threads and processes at once.
 */
final class CertificateStore {

  private final AuthorityFiles files;
  private final CertificateRecords records;
  private final RevocationFile revocations;

  CertificateStore(AuthorityFiles files) {
    this.files = files;
    this.records = new CertificateRecords(files.records());
    this.revocations = new RevocationFile(files.revocations());
  }

  CertificateRecords records() {
    return records;
  }

  /** Remembers certificates. That they were issued is on disk when this returns; copies soon. */
  void issued(
      List<X509Certificate> certificates, List<Issuance> issuances, String issuer, Instant now)
      throws IOException {
    List<CertificateRecord> all = new ArrayList<>();
    for (int i = 0; i < certificates.size(); i++) {
      all.add(record(certificates.get(i), issuances.get(i), issuer, now));
    }
    write(certificates, all);
  }

  private static CertificateRecord record(
      X509Certificate certificate, Issuance issuance, String issuer, Instant now) {
    Instant from = certificate.getNotBefore().toInstant();
    Instant to = certificate.getNotAfter().toInstant();
    return new CertificateRecord(
        certificate.getSerialNumber(),
        issuance.role(),
        issuance.name(),
        issuance.dnsNames(),
        issuance.addresses(),
        from,
        to,
        issuance.lifetime().orElseGet(() -> Duration.between(from, to)),
        issuer,
        now,
        null);
  }

  /** Remembers a certificate that was signed with this authority's key, but not by this program. */
  CertificateRecord adopted(
      X509Certificate certificate, String name, NodeRole role, String issuer, Instant now)
      throws IOException {
    Instant from = certificate.getNotBefore().toInstant();
    Instant to = certificate.getNotAfter().toInstant();
    var record =
        new CertificateRecord(
            certificate.getSerialNumber(),
            role,
            name,
            List.of(),
            List.of(),
            from,
            to,
            Duration.between(from, to),
            issuer,
            now,
            null);
    write(List.of(certificate), List.of(record));
    return record;
  }

  private void write(List<X509Certificate> certificates, List<CertificateRecord> added)
      throws IOException {
    FolderLock.run(
        files.lock(),
        () -> {
          records.issued(added);
          for (X509Certificate certificate : certificates) {
            Path file = files.copy(certificate.getSerialNumber());
            try (AtomicFile copy =
                AtomicFile.draft(file, Pem.write(List.of(certificate)), Access.EVERYONE)) {
              copy.replace();
            }
          }
          for (CertificateRecord over : records.tidy(added.get(0).issuedAt())) {
            Files.deleteIfExists(files.copy(over.serial()));
          }
        });
  }

  /**
   * Revokes certificates, and writes new lists.
   *
   * @return those that were not revoked before, as they are now
   */
  List<CertificateRecord> revoke(
      List<CertificateRecord> which,
      RevocationReason reason,
      Instant now,
      List<Issuer> issuers,
      Duration fresh)
      throws IOException {
    return FolderLock.holding(files.lock(), () -> revokeAlone(which, reason, now, issuers, fresh));
  }

  private List<CertificateRecord> revokeAlone(
      List<CertificateRecord> which,
      RevocationReason reason,
      Instant now,
      List<Issuer> issuers,
      Duration fresh)
      throws IOException {
    List<CertificateRecord> changed = new ArrayList<>();
    for (CertificateRecord one : which) {
      Optional<CertificateRecord> current = records.find(one.serial());
      if (current.isPresent() && current.get().revocation() == null) {
        changed.add(current.get().revoked(now, reason));
      }
    }
    if (!changed.isEmpty()) {
      records.revoked(
          changed.stream().map(CertificateRecord::serial).toList(), new Revocation(now, reason));
    }
    revocations.write(issuers, records.all(), now, fresh);
    return changed;
  }

  /** Writes new lists of revoked certificates. */
  void writeRevocations(List<Issuer> issuers, Instant now, Duration fresh) throws IOException {
    FolderLock.run(
        files.lock(),
        () -> {
          revocations.write(issuers, records.all(), now, fresh);
        });
  }

  /** Writes new lists if one is missing or past half of its time. */
  void refreshRevocations(List<Issuer> issuers, Instant now) throws IOException {
    List<X509Certificate> authorities = issuers.stream().map(Issuer::certificate).toList();
    if (revocations.isStale(authorities, now)) {
      writeRevocations(issuers, now, RevocationFile.FRESH);
    }
  }

  /** The newest certificate of a node that has this role, and was not revoked. */
  Optional<CertificateRecord> latest(String name, Optional<NodeRole> role) throws IOException {
    Stream<CertificateRecord> found =
        records.of(name).stream()
            .filter(record -> record.revocation() == null)
            .filter(record -> role.isEmpty() || role.get() == record.role());
    return found.reduce((older, newer) -> newer);
  }

  /** Those of a node that are not revoked, and not over. */
  List<CertificateRecord> valid(String name, Instant now) throws IOException {
    return records.of(name).stream().filter(record -> record.state(now) == State.VALID).toList();
  }
}

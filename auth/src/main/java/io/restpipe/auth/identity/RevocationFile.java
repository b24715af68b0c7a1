package io.restpipe.auth.identity;

import io.restpipe.auth.identity.CertificateRecord.Revocation;
import io.restpipe.security.AtomicFile;
import io.restpipe.security.AtomicFile.Access;
import io.restpipe.security.IdentityException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The lists of revoked certificates (RFC 5280 section 5) of an authority's keys, one after the
 * other in one PEM file, replaced whole.
 */
final class RevocationFile {

  /**
   * How long a list counts as fresh. Revoking makes a new one at once, whatever this says; a list
   * that ran out because nobody revoked would lock everyone out.
   */
  static final Duration FRESH = Duration.ofDays(180);

  /** A revoked certificate stays on the list a while after its end: clocks differ. */
  private static final Duration AFTER_END = Duration.ofDays(2);

  private final Path file;

  RevocationFile(Path file) {
    this.file = file;
  }

  /** What is in the file now; nothing where there is no file. */
  List<X509CRL> read() throws IOException {
    if (Files.notExists(file)) {
      return List.of();
    }
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCRLs(new ByteArrayInputStream(Files.readAllBytes(file)))
          .stream()
          .map(X509CRL.class::cast)
          .toList();
    } catch (GeneralSecurityException e) {
      throw new IdentityException(
          file
              + ": can't be read as lists of revoked certificates; move it away: rp-ca crl makes"
              + " it anew");
    }
  }

  /** Whether one of these authorities has no list there, or one that is past half of its time. */
  boolean isStale(List<X509Certificate> authorities, Instant now) throws IOException {
    List<X509CRL> lists = read();
    for (X509Certificate authority : authorities) {
      Optional<X509CRL> list = of(authority, lists);
      Date next = list.map(X509CRL::getNextUpdate).orElse(null);
      if (list.isEmpty()
          || (next != null && now.isAfter(next.toInstant().minus(FRESH.dividedBy(2))))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Writes new lists of these keys, and keeps those of others.
   *
   * @param fresh how long the new lists count as fresh
   */
  void write(List<Issuer> issuers, List<CertificateRecord> records, Instant now, Duration fresh)
      throws IOException {
    List<X509CRL> before = read();
    var text = new StringBuilder();
    try {
      for (Issuer issuer : issuers) {
        BigInteger number =
            number(of(issuer.certificate(), before)).max(BigInteger.valueOf(now.toEpochMilli()));
        text.append(block(sign(issuer, records, now, fresh, number)));
      }
      for (X509CRL other : before) {
        if (issuers.stream().noneMatch(issuer -> isOf(issuer.certificate(), other))) {
          text.append(block(other.getEncoded()));
        }
      }
    } catch (GeneralSecurityException e) {
      throw CertificateAuthority.unsigned(e);
    }
    try (AtomicFile prepared =
        AtomicFile.prepare(
            file, text.toString().getBytes(StandardCharsets.US_ASCII), Access.EVERYONE)) {
      prepared.replace();
    }
  }

  private static byte[] sign(
      Issuer issuer,
      List<CertificateRecord> records,
      Instant now,
      Duration fresh,
      BigInteger number)
      throws IOException, GeneralSecurityException {
    X509Certificate certificate = issuer.certificate();
    Instant end = certificate.getNotAfter().toInstant();
    Instant next = now.plus(fresh).isBefore(end) ? now.plus(fresh) : end;
    var builder =
        new X509v2CRLBuilder(CertificateWriter.subject(certificate), Date.from(now))
            .setNextUpdate(Date.from(next));
    for (CertificateRecord record : records) {
      Revocation revocation = record.revocation();
      if (revocation != null
          && record.issuer().equals(issuer.id())
          && now.isBefore(record.notAfter().plus(AFTER_END))) {
        builder.addCRLEntry(
            record.serial(), Date.from(revocation.at()), revocation.reason().code());
      }
    }
    builder
        .addExtension(
            Extension.authorityKeyIdentifier,
            false,
            new AuthorityKeyIdentifier(CertificateWriter.keyIdentifier(certificate)))
        .addExtension(Extension.cRLNumber, false, new CRLNumber(number));
    try {
      return builder
          .build(
              new JcaContentSignerBuilder(KeyAlgorithm.signature(issuer.key())).build(issuer.key()))
          .getEncoded();
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }

  private static Optional<X509CRL> of(X509Certificate authority, List<X509CRL> lists) {
    return lists.stream().filter(list -> isOf(authority, list)).findFirst();
  }

  /** Two keys may have one name, so the signature decides. */
  private static boolean isOf(X509Certificate authority, X509CRL list) {
    if (!list.getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
      return false;
    }
    try {
      list.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** One more than that of the list before. */
  private static BigInteger number(Optional<X509CRL> list) {
    byte[] extension =
        list.map(one -> one.getExtensionValue(Extension.cRLNumber.getId())).orElse(null);
    return extension == null
        ? BigInteger.ONE
        : CRLNumber.getInstance(ASN1OctetString.getInstance(extension).getOctets())
            .getCRLNumber()
            .add(BigInteger.ONE);
  }

  private static String block(byte[] der) {
    String base64 =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN X509 CRL-----\n" + base64 + "\n-----END X509 CRL-----\n";
  }
}

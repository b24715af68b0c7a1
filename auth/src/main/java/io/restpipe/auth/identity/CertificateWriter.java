package io.restpipe.auth.identity;

import io.restpipe.security.PeerName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Writes and signs X.509 certificates as RFC 5280 wants them. */
final class CertificateWriter {

  private static final SecureRandom RANDOM = new SecureRandom();

  private CertificateWriter() {}

  /** What an authority's certificate says, whoever signs it. */
  record Authority(X500Name name, PublicKey key, Instant from, Instant to) {

    /** That of an authority whose name is a common name. */
    static Authority of(String name, PublicKey key, Instant from, Instant to) {
      return new Authority(commonName(name), key, from, to);
    }
  }

  /** The certificate of an authority that nobody stands above. */
  static X509Certificate selfSigned(Authority authority, PrivateKey key) {
    X509v3CertificateBuilder builder = builder(authority.name(), authority);
    return sign(
        builder, authority, new BasicConstraints(true), keyIdentifier(authority.key()), key);
  }

  /**
   * The certificate of an authority under another one.
   *
   * @param pathLength how many further authorities there may be below it; -1 for any number
   */
  static X509Certificate subordinate(
      Authority authority, int pathLength, X509Certificate issuer, PrivateKey issuerKey) {
    BasicConstraints constraints =
        pathLength < 0 ? new BasicConstraints(true) : new BasicConstraints(pathLength);
    X509v3CertificateBuilder builder = builder(subject(issuer), authority);
    return sign(builder, authority, constraints, keyIdentifier(issuer), issuerKey);
  }

  private static X509v3CertificateBuilder builder(X500Name issuer, Authority authority) {
    return new X509v3CertificateBuilder(
        issuer,
        newSerial(),
        Date.from(authority.from()),
        Date.from(authority.to()),
        authority.name(),
        SubjectPublicKeyInfo.getInstance(authority.key().getEncoded()));
  }

  private static X509Certificate sign(
      X509v3CertificateBuilder builder,
      Authority authority,
      BasicConstraints constraints,
      byte[] issuerKeyIdentifier,
      PrivateKey issuerKey) {
    try {
      builder
          .addExtension(Extension.basicConstraints, true, constraints)
          .addExtension(
              Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
          .addExtension(
              Extension.subjectKeyIdentifier,
              false,
              new SubjectKeyIdentifier(keyIdentifier(authority.key())))
          .addExtension(
              Extension.authorityKeyIdentifier,
              false,
              new AuthorityKeyIdentifier(issuerKeyIdentifier));
      return sign(builder, issuerKey);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The certificate of a node. */
  static X509Certificate issued(
      PrivateKey authority,
      X509Certificate issuer,
      PublicKey subject,
      Issuance issuance,
      Instant from,
      Instant to,
      Optional<String> crlUrl) {
    try {
      X509v3CertificateBuilder builder =
          new X509v3CertificateBuilder(
                  subject(issuer),
                  newSerial(),
                  Date.from(from),
                  Date.from(to),
                  commonName(issuance.name()),
                  SubjectPublicKeyInfo.getInstance(subject.getEncoded()))
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
              .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
              .addExtension(Extension.extendedKeyUsage, false, extendedUsage(issuance))
              .addExtension(Extension.subjectAlternativeName, false, alternativeNames(issuance))
              .addExtension(
                  Extension.subjectKeyIdentifier,
                  false,
                  new SubjectKeyIdentifier(keyIdentifier(subject)))
              .addExtension(
                  Extension.authorityKeyIdentifier,
                  false,
                  new AuthorityKeyIdentifier(keyIdentifier(issuer)));
      if (crlUrl.isPresent()) {
        builder.addExtension(
            Extension.cRLDistributionPoints, false, distributionPoint(crlUrl.orElseThrow()));
      }
      return sign(builder, authority);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The subject, byte for byte as it stands in the certificate. */
  static X500Name subject(X509Certificate certificate) {
    try {
      return new JcaX509CertificateHolder(certificate).getSubject();
    } catch (GeneralSecurityException e) {
      throw CertificateAuthority.unsigned(e);
    }
  }

  /** The common name; that of an authority from elsewhere may be missing. */
  static String commonNameOf(X509Certificate certificate) {
    RDN[] names = subject(certificate).getRDNs(BCStyle.CN);
    return names.length == 0
        ? "RestPipe CA"
        : names[0].getFirst().getValue().toString().replaceAll("[^ -~]", "?");
  }

  /** The key identifier that an authority's certificate gives, else that of its key. */
  static byte[] keyIdentifier(X509Certificate authority) {
    byte[] extension = authority.getExtensionValue(Extension.subjectKeyIdentifier.getId());
    return extension == null
        ? keyIdentifier(authority.getPublicKey())
        : SubjectKeyIdentifier.getInstance(ASN1OctetString.getInstance(extension).getOctets())
            .getKeyIdentifier();
  }

  private static byte[] keyIdentifier(PublicKey key) {
    try {
      return new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key).getKeyIdentifier();
    } catch (GeneralSecurityException e) {
      throw CertificateAuthority.unsigned(e);
    }
  }

  private static CRLDistPoint distributionPoint(String url) {
    var names = new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, url));
    return new CRLDistPoint(
        new DistributionPoint[] {
          new DistributionPoint(new DistributionPointName(names), null, null)
        });
  }

  /** 128 random bits below a leading one: positive, never the same twice, 17 bytes. */
  private static BigInteger newSerial() {
    return new BigInteger(128, RANDOM).setBit(128);
  }

  private static X500Name commonName(String name) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
  }

  private static ExtendedKeyUsage extendedUsage(Issuance issuance) {
    return new ExtendedKeyUsage(
        KeyPurposeId.getInstance(new ASN1ObjectIdentifier(issuance.role().usageOid())));
  }

  /** What a certificate, or a request for one, says of its names. */
  static GeneralNames alternativeNames(Issuance issuance) {
    List<GeneralName> names = new ArrayList<>();
    names.add(
        new GeneralName(GeneralName.uniformResourceIdentifier, PeerName.toUri(issuance.name())));
    issuance.dnsNames().forEach(dns -> names.add(new GeneralName(GeneralName.dNSName, dns)));
    issuance.addresses().forEach(ip -> names.add(new GeneralName(GeneralName.iPAddress, ip)));
    return new GeneralNames(names.toArray(GeneralName[]::new));
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key) {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(new JcaContentSignerBuilder(KeyAlgorithm.signature(key)).build(key)));
    } catch (GeneralSecurityException e) {
      throw CertificateAuthority.unsigned(e);
    } catch (OperatorCreationException e) {
      throw CertificateAuthority.unsigned(new GeneralSecurityException(e));
    }
  }
}

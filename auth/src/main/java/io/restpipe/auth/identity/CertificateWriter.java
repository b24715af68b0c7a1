package io.restpipe.auth.identity;

import io.restpipe.security.PeerName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Writes and signs X.509 certificates as RFC 5280 wants them. */
final class CertificateWriter {

  private static final SecureRandom RANDOM = new SecureRandom();

  private CertificateWriter() {}

  /** The certificate of an authority: it signs certificates and lists of revoked ones. */
  static X509Certificate selfSigned(KeyPair key, String name, Instant from, Instant to) {
    X500Name subject = commonName(name);
    try {
      var extensions = new JcaX509ExtensionUtils();
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
                  subject, newSerial(), Date.from(from), Date.from(to), subject, key.getPublic())
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
              .addExtension(
                  Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
              .addExtension(
                  Extension.subjectKeyIdentifier,
                  false,
                  extensions.createSubjectKeyIdentifier(key.getPublic()))
              .addExtension(
                  Extension.authorityKeyIdentifier,
                  false,
                  extensions.createAuthorityKeyIdentifier(key.getPublic()));
      return sign(builder, key.getPrivate());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw CertificateAuthority.unsigned(e);
    }
  }

  /** The certificate of a node. */
  static X509Certificate issued(
      PrivateKey authority,
      X509Certificate issuer,
      PublicKey subject,
      Issuance issuance,
      Instant from,
      Instant to) {
    try {
      var extensions = new JcaX509ExtensionUtils();
      X509v3CertificateBuilder builder =
          new X509v3CertificateBuilder(
                  new JcaX509CertificateHolder(issuer).getSubject(),
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
                  extensions.createSubjectKeyIdentifier(subject))
              .addExtension(
                  Extension.authorityKeyIdentifier,
                  false,
                  extensions.createAuthorityKeyIdentifier(issuer.getPublicKey()));
      return sign(builder, authority);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw CertificateAuthority.unsigned(e);
    }
  }

  /** 128 random bits below a leading one: positive, never the same twice, 17 bytes at most. */
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

  private static GeneralNames alternativeNames(Issuance issuance) {
    List<GeneralName> names = new ArrayList<>();
    names.add(
        new GeneralName(GeneralName.uniformResourceIdentifier, PeerName.toUri(issuance.name())));
    issuance.dnsNames().forEach(dns -> names.add(new GeneralName(GeneralName.dNSName, dns)));
    issuance.addresses().forEach(ip -> names.add(new GeneralName(GeneralName.iPAddress, ip)));
    return new GeneralNames(names.toArray(GeneralName[]::new));
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm(key)).build(key)));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }

  /** An authority from elsewhere may have an RSA key. */
  private static String algorithm(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EdDSA", "Ed25519" -> "Ed25519";
      default -> "SHA256withECDSA";
    };
  }
}

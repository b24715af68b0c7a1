package io.restpipe.node;

import io.restpipe.security.Enrollment;
import io.restpipe.security.EnrollmentException;
import io.restpipe.security.EnrollmentException.Reason;
import io.restpipe.security.Identity;
import io.restpipe.security.IssuedCertificate;
import io.restpipe.security.JoinLine;
import io.restpipe.security.NodeRole;
import io.restpipe.security.PeerName;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.jspecify.annotations.Nullable;

/** An authority that gives what is asked for, by tokens and for as long as the test says. */
final class TestEnrollment implements Enrollment {

  private final KeyPair key;
  private final X509Certificate certificate;
  private final Duration life;
  final Map<String, String> names = new ConcurrentHashMap<>();
  final Set<X509Certificate> revoked = ConcurrentHashMap.newKeySet();
  final AtomicInteger renewals = new AtomicInteger();
  final AtomicInteger asked = new AtomicInteger();

  TestEnrollment(Duration life) {
    try {
      this.life = life;
      this.key = KeyPairGenerator.getInstance("EC").generateKeyPair();
      this.certificate =
          sign(
              builder("enrolling CA", key.getPublic().getEncoded(), Duration.ofDays(30))
                  .addExtension(Extension.basicConstraints, true, new BasicConstraints(true)));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  X509Certificate authority() {
    return certificate;
  }

  /** A line with a new token for a client of that name. */
  JoinLine line(String host, int port, String name) {
    var line =
        new JoinLine(
            host,
            port,
            String.format("%08x", names.size()),
            "0123456789abcdef".repeat(2),
            JoinLine.fingerprint(certificate));
    names.put(line.token(), name);
    return line;
  }

  Identity identity(NodeRole role, String name, String... hosts) throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("EC").generateKeyPair();
    X509Certificate issued =
        issue(
            pair.getPublic().getEncoded(),
            name,
            role,
            role == NodeRole.SERVER ? Duration.ofDays(10) : life,
            hosts);
    return new Identity(pair.getPrivate(), List.of(issued), List.of(certificate));
  }

  @Override
  public List<X509Certificate> trustAnchors() {
    return List.of(certificate);
  }

  @Override
  public IssuedCertificate join(String token, byte[] request, @Nullable InetSocketAddress from)
      throws EnrollmentException {
    String name = names.remove(token);
    if (name == null) {
      throw new EnrollmentException(Reason.TOKEN_UNKNOWN, "there is no such token");
    }
    return answer(request, name);
  }

  @Override
  public IssuedCertificate renew(
      X509Certificate current, byte[] request, @Nullable InetSocketAddress from)
      throws EnrollmentException {
    asked.incrementAndGet();
    if (revoked.contains(current)) {
      throw new EnrollmentException(Reason.CERTIFICATE_REVOKED, "this certificate is revoked");
    }
    renewals.incrementAndGet();
    return answer(request, PeerName.of(current).orElseThrow());
  }

  private IssuedCertificate answer(byte[] request, String name) throws EnrollmentException {
    try {
      byte[] spki = new PKCS10CertificationRequest(request).getSubjectPublicKeyInfo().getEncoded();
      return new IssuedCertificate(
          List.of(issue(spki, name, NodeRole.CLIENT, life)), List.of(certificate));
    } catch (Exception e) {
      throw new EnrollmentException(Reason.REQUEST_MALFORMED, "no request", e);
    }
  }

  private X509Certificate issue(
      byte[] spki, String name, NodeRole role, Duration valid, String... hosts) throws Exception {
    List<GeneralName> names = new ArrayList<>();
    names.add(new GeneralName(GeneralName.uniformResourceIdentifier, PeerName.toUri(name)));
    for (String host : hosts) {
      names.add(new GeneralName(GeneralName.dNSName, host));
    }
    return sign(
        builder(name, spki, valid)
            .addExtension(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(
                    KeyPurposeId.getInstance(new ASN1ObjectIdentifier(role.usageOid()))))
            .addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(names.toArray(GeneralName[]::new))));
  }

  private static X509v3CertificateBuilder builder(String name, byte[] spki, Duration valid) {
    Instant now = Instant.now();
    return new X509v3CertificateBuilder(
        new X500Name("CN=enrolling CA"),
        new BigInteger(127, new SecureRandom()),
        Date.from(now.minusSeconds(1)),
        Date.from(now.plus(valid)),
        new X500Name("CN=" + name),
        SubjectPublicKeyInfo.getInstance(spki));
  }

  private X509Certificate sign(X509v3CertificateBuilder builder) throws Exception {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate())));
  }
}

package io.restpipe.auth.identity;

import io.restpipe.security.CertificateCheck;
import io.restpipe.security.IdentityException;
import io.restpipe.security.JoinLine;
import io.restpipe.security.NodeRole;
import io.restpipe.security.PeerName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/** What is in a file of certificates, requests, lists or keys, for people. Never a key itself. */
public final class FileDescription {

  private static final int LARGEST = 64 << 20;

  /** A SEQUENCE of more than 127 bytes. */
  private static final String DER = "0\u0082";

  private static final int MOST_ENTRIES = 100;
  private static final int URI = 6;
  private static final int DNS = 2;
  private static final int IP = 7;

  private final Instant now;
  private final List<String> lines = new ArrayList<>();

  private FileDescription(Instant now) {
    this.now = now;
  }

  /**
   * Describes all blocks of a PEM file.
   *
   * @throws IdentityException if it can't be read
   */
  public static List<String> of(Path file, Instant now) {
    var description = new FileDescription(now);
    int blocks = 0;
    String text = text(file);
    if (text.startsWith(DER)) {
      throw new IdentityException(
          file
              + ": is binary, not PEM; convert it with openssl x509 -inform DER, openssl crl -inform"
              + " DER or openssl req -inform DER");
    }
    try (PemReader reader = new PemReader(new StringReader(text))) {
      for (PemObject block = reader.readPemObject();
          block != null;
          block = reader.readPemObject()) {
        blocks++;
        if (!description.lines.isEmpty()) {
          description.lines.add("");
        }
        description.block(block);
      }
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw new IdentityException(
          "%s: PEM block %d is damaged; copy the file again".formatted(file, blocks + 1));
    }
    if (blocks == 0) {
      throw new IdentityException(
          file + ": holds no PEM block (no line \"-----BEGIN ...-----\"); is it the right file?");
    }
    return description.lines;
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > LARGEST) {
        throw new IdentityException(file + ": is larger than 64 MiB; is it the right file?");
      }
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw new IdentityException(file + ": does not exist");
    } catch (IOException e) {
      throw new IdentityException(file + ": can't be read: " + e.getMessage());
    }
  }

  private void block(PemObject block) throws IOException, GeneralSecurityException {
    var der = new ByteArrayInputStream(block.getContent());
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    String type = block.getType();
    if (type.equals("CERTIFICATE") || type.equals("X509 CERTIFICATE")) {
      certificate((X509Certificate) factory.generateCertificate(der));
    } else if (type.equals("X509 CRL")) {
      list((X509CRL) factory.generateCRL(der));
    } else if (type.endsWith("CERTIFICATE REQUEST")) {
      request(block.getContent());
    } else if (type.endsWith("PRIVATE KEY")) {
      boolean encrypted = type.startsWith("ENCRYPTED") || !block.getHeaders().isEmpty();
      lines.add("private key" + (encrypted ? ", encrypted with a passphrase" : ""));
    } else {
      lines.add(type.toLowerCase(Locale.ROOT));
    }
  }

  private void certificate(X509Certificate certificate) {
    lines.add("certificate " + CertificateCheck.name(certificate.getSubjectX500Principal()));
    boolean authority = certificate.getBasicConstraints() >= 0;
    if (!authority) {
      line("node name", PeerName.of(certificate).orElse("none that a node can have"));
    }
    line("serial", CertificateRecord.serialText(certificate.getSerialNumber()));
    line(
        "issuer",
        Authorities.isSelfSigned(certificate)
            ? "itself"
            : CertificateCheck.name(certificate.getIssuerX500Principal()));
    line("valid", validity(certificate));
    line("use", authority ? "authority: signs certificates" : use(certificate));
    names(certificate).ifPresent(names -> line("names", names));
    line("key", key(certificate.getPublicKey()));
    line("signature", certificate.getSigAlgName());
    line("SHA-256", JoinLine.fingerprint(certificate));
  }

  private String validity(X509Certificate certificate) {
    Instant from = certificate.getNotBefore().toInstant();
    Instant to = certificate.getNotAfter().toInstant();
    String state =
        now.isAfter(to)
            ? "expired " + CertificateCheck.words(Duration.between(to, now)) + " ago"
            : now.isBefore(from)
                ? "not yet: in " + CertificateCheck.words(Duration.between(now, from))
                : "expires in " + CertificateCheck.words(Duration.between(now, to));
    return "%s to %s (%s)".formatted(from, to, state);
  }

  private static String use(X509Certificate certificate) {
    try {
      List<String> usage = certificate.getExtendedKeyUsage();
      if (usage == null) {
        return "server and client (no extended key usage)";
      }
      return usage.stream()
          .map(
              oid ->
                  Arrays.stream(NodeRole.values())
                      .filter(role -> role.usageOid().equals(oid))
                      .map(NodeRole::toString)
                      .findFirst()
                      .orElse(oid))
          .collect(Collectors.joining(", "));
    } catch (CertificateParsingException e) {
      return "can't be read";
    }
  }

  private static Optional<String> names(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? Optional.empty()
          : Optional.of(
              printable(
                  names.stream().map(FileDescription::name).collect(Collectors.joining(", "))));
    } catch (CertificateParsingException e) {
      return Optional.of("can't be read");
    }
  }

  private static String name(List<?> name) {
    String value = String.valueOf(name.get(1));
    int type = (Integer) name.get(0);
    return switch (type) {
      case URI -> value;
      case DNS -> "DNS " + value;
      case IP -> "IP " + value;
      default -> "type " + type;
    };
  }

  private static String key(PublicKey key) {
    if (key instanceof RSAPublicKey rsa) {
      return "RSA, %d bits".formatted(rsa.getModulus().bitLength());
    }
    if (key instanceof ECPublicKey ec) {
      return "EC, %d bits".formatted(ec.getParams().getOrder().bitLength());
    }
    return key.getAlgorithm();
  }

  private void list(X509CRL list) {
    lines.add(
        "list of revoked certificates of " + CertificateCheck.name(list.getIssuerX500Principal()));
    line("made", list.getThisUpdate().toInstant().toString());
    Date next = list.getNextUpdate();
    line(
        "next",
        next == null
            ? "not said"
            : next.toInstant() + (now.isAfter(next.toInstant()) ? " (out of date)" : ""));
    Collection<? extends X509CRLEntry> entries =
        list.getRevokedCertificates() == null ? List.of() : list.getRevokedCertificates();
    line("revoked", String.valueOf(entries.size()));
    entries.stream()
        .limit(MOST_ENTRIES)
        .forEach(
            entry ->
                lines.add(
                    "    %s since %s%s"
                        .formatted(
                            CertificateRecord.serialText(entry.getSerialNumber()),
                            entry.getRevocationDate().toInstant(),
                            entry.getRevocationReason() == null
                                ? ""
                                : ", "
                                    + entry
                                        .getRevocationReason()
                                        .name()
                                        .toLowerCase(Locale.ROOT)
                                        .replace('_', '-'))));
    if (entries.size() > MOST_ENTRIES) {
      lines.add("    and %d more".formatted(entries.size() - MOST_ENTRIES));
    }
  }

  private void request(byte[] der) throws IOException, GeneralSecurityException {
    var request = new JcaPKCS10CertificationRequest(der);
    lines.add("certificate request " + printable(request.getSubject().toString()));
    line("key", key(request.getPublicKey()));
    List<String> names = SigningRequest.namesOf(request);
    if (!names.isEmpty()) {
      line("asks for", String.join(", ", names));
    }
  }

  private void line(String name, String value) {
    lines.add("  %-10s %s".formatted(name, value));
  }

  private static String printable(String text) {
    return text.isEmpty() ? "without a subject" : text.replaceAll("[^ -~]", "?");
  }
}

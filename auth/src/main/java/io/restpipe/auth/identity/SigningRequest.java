package io.restpipe.auth.identity;

import io.restpipe.security.EnrollmentException;
import io.restpipe.security.EnrollmentException.Reason;
import io.restpipe.security.NodeRole;
import io.restpipe.security.PeerName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.pkcs.Attribute;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/**
 * A certification request (PKCS#10, RFC 2986) from somebody who may ask for anything. Nothing of it
 * but the key goes into a certificate; that it asks for more than it is given is refused
 * nevertheless, by name: whoever asks would else take the certificate for what it is not.
 */
final class SigningRequest {

  private static final int LARGEST = 64 << 10;

  private final JcaPKCS10CertificationRequest request;
  private final PublicKey key;

  private SigningRequest(JcaPKCS10CertificationRequest request, PublicKey key) {
    this.request = request;
    this.key = key;
  }

  /**
   * Reads a request, and checks that whoever made it has the private key.
   *
   * @throws EnrollmentException if it is none, or signed by another key
   */
  static SigningRequest parse(byte[] der) throws EnrollmentException {
    if (der.length > LARGEST) {
      throw malformed("is larger than 64 KiB");
    }
    try {
      var request = new JcaPKCS10CertificationRequest(der);
      PublicKey key = request.getPublicKey();
      requireStrong(key);
      if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        throw malformed("is not signed by its own key");
      }
      return new SigningRequest(request, key);
    } catch (IOException
        | GeneralSecurityException
        | OperatorCreationException
        | PKCSException
        | RuntimeException e) {
      // Bouncy Castle's readers throw what they like at bytes that they did not expect.
      throw malformed("can't be read as PKCS#10, or has a key of an unknown kind");
    }
  }

  private static EnrollmentException malformed(String what) {
    return new EnrollmentException(Reason.REQUEST_MALFORMED, "the certificate request " + what);
  }

  private static void requireStrong(PublicKey key) throws EnrollmentException {
    if (key instanceof RSAPublicKey rsa
        && (rsa.getModulus().bitLength() < 2048 || rsa.getModulus().bitLength() > 8192)) {
      throw refused(
          "has an RSA key of " + rsa.getModulus().bitLength() + " bits: 2048 to 8192 are taken");
    }
    if (key instanceof ECPublicKey ec && ec.getParams().getOrder().bitLength() < 256) {
      throw refused("has an EC key on a curve of fewer than 256 bits");
    }
    if (!Set.of("RSA", "EC", "EdDSA", "Ed25519", "Ed448").contains(key.getAlgorithm())) {
      throw refused(
          "has a key of the kind " + key.getAlgorithm() + ": RSA, EC or Ed25519 are taken");
    }
  }

  private static EnrollmentException refused(String what) {
    return new EnrollmentException(Reason.REQUEST_REFUSED, "the certificate request " + what);
  }

  PublicKey key() {
    return key;
  }

  /**
   * The key, if the request asks for nothing that the issuance does not give.
   *
   * @throws EnrollmentException with what it asks for
   */
  PublicKey require(Issuance issuance) throws EnrollmentException {
    try {
      requireSubject(issuance);
      for (Attribute attribute : request.getAttributes()) {
        if (attribute.getAttrType().equals(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest)) {
          requireExtensions(
              Extensions.getInstance(attribute.getAttrValues().getObjectAt(0)), issuance);
        }
      }
      return key;
    } catch (RuntimeException e) {
      throw malformed("has extensions that can't be read");
    }
  }

  private void requireSubject(Issuance issuance) throws EnrollmentException {
    for (RDN rdn : request.getSubject().getRDNs(BCStyle.CN)) {
      for (AttributeTypeAndValue part : rdn.getTypesAndValues()) {
        String name = part.getValue().toString();
        if (part.getType().equals(BCStyle.CN)
            && !name.equals(issuance.name())
            && !contains(issuance.dnsNames(), name)) {
          throw name.contains("*")
              ? refused("asks for the wildcard " + shown(name))
              : refused("asks for the name %s, not %s".formatted(shown(name), issuance.name()));
        }
      }
    }
  }

  private static void requireExtensions(Extensions extensions, Issuance issuance)
      throws EnrollmentException {
    for (ASN1ObjectIdentifier oid : extensions.getExtensionOIDs()) {
      Extension extension = extensions.getExtension(oid);
      if (oid.equals(Extension.basicConstraints)) {
        if (BasicConstraints.getInstance(extension.getParsedValue()).isCA()) {
          throw refused("asks to be an authority (CA:TRUE)");
        }
      } else if (oid.equals(Extension.keyUsage)) {
        KeyUsage usage = KeyUsage.getInstance(extension.getParsedValue());
        if (usage.hasUsages(KeyUsage.keyCertSign) || usage.hasUsages(KeyUsage.cRLSign)) {
          throw refused("asks to sign certificates or lists (key usage keyCertSign or cRLSign)");
        }
      } else if (oid.equals(Extension.extendedKeyUsage)) {
        requireUsage(ExtendedKeyUsage.getInstance(extension.getParsedValue()), issuance.role());
      } else if (oid.equals(Extension.subjectAlternativeName)) {
        requireNames(GeneralNames.getInstance(extension.getParsedValue()), issuance);
      } else if (extension.isCritical()) {
        throw refused("asks for the critical extension " + oid + ", which is not given");
      }
    }
  }

  private static void requireUsage(ExtendedKeyUsage asked, NodeRole role)
      throws EnrollmentException {
    for (KeyPurposeId usage : asked.getUsages()) {
      if (!usage.getId().equals(role.usageOid())) {
        String name =
            Arrays.stream(NodeRole.values())
                .filter(other -> other.usageOid().equals(usage.getId()))
                .map(NodeRole::usageName)
                .findFirst()
                .orElse(usage.getId());
        throw refused(
            "asks for the usage %s: a %s gets %s only".formatted(name, role, role.usageName()));
      }
    }
  }

  private static void requireNames(GeneralNames names, Issuance issuance)
      throws EnrollmentException {
    Set<InetAddress> allowed = new HashSet<>();
    for (String address : issuance.addresses()) {
      allowed.add(address(address));
    }
    for (GeneralName name : names.getNames()) {
      switch (name.getTagNo()) {
        case GeneralName.uniformResourceIdentifier -> {
          String uri = name.getName().toString();
          if (!uri.equals(PeerName.toUri(issuance.name()))) {
            throw refused(
                "asks for the name %s, not %s"
                    .formatted(shown(uri), PeerName.toUri(issuance.name())));
          }
        }
        case GeneralName.dNSName -> requireHost(name.getName().toString(), issuance);
        case GeneralName.iPAddress -> {
          byte[] octets = ASN1OctetString.getInstance(name.getName()).getOctets();
          InetAddress address = octets(octets);
          if (!allowed.contains(address)) {
            throw refused(
                "asks for the address " + address.getHostAddress() + ", which is not given");
          }
        }
        default ->
            throw refused(
                "asks for a name of a kind that nodes don't have: " + shown(name.toString()));
      }
    }
  }

  private static void requireHost(String host, Issuance issuance) throws EnrollmentException {
    if (contains(issuance.dnsNames(), host) || host.equalsIgnoreCase(issuance.name())) {
      return;
    }
    throw host.contains("*")
        ? refused("asks for the wildcard " + shown(host))
        : refused("asks for the host name " + shown(host) + ", which is not given");
  }

  private static boolean contains(List<String> names, String name) {
    return names.stream().anyMatch(one -> one.equalsIgnoreCase(name));
  }

  private static InetAddress address(String text) {
    try {
      // A number, so nothing is looked up.
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("no address: " + text, e);
    }
  }

  private static InetAddress octets(byte[] octets) throws EnrollmentException {
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw malformed("has an IP address of " + octets.length + " bytes");
    }
  }

  /** What somebody else wrote, for one line of ours. */
  private static String shown(String text) {
    String line = text.replaceAll("[^ -~]", "?");
    return line.length() <= 100 ? line : line.substring(0, 100) + "...";
  }

  /** The names that a request asks for, for people. */
  static List<String> namesOf(JcaPKCS10CertificationRequest request) {
    List<String> all = new ArrayList<>();
    for (Attribute attribute : request.getAttributes()) {
      if (attribute.getAttrType().equals(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest)) {
        Extension names =
            Extensions.getInstance(attribute.getAttrValues().getObjectAt(0))
                .getExtension(Extension.subjectAlternativeName);
        if (names != null) {
          for (GeneralName name : GeneralNames.getInstance(names.getParsedValue()).getNames()) {
            all.add(shown(name));
          }
        }
      }
    }
    return all;
  }

  private static String shown(GeneralName name) {
    return switch (name.getTagNo()) {
      case GeneralName.uniformResourceIdentifier -> shown(name.getName().toString());
      case GeneralName.dNSName -> "DNS " + shown(name.getName().toString());
      case GeneralName.iPAddress -> "IP " + address(name);
      default -> shown(name.toString());
    };
  }

  private static String address(GeneralName name) {
    try {
      return InetAddress.getByAddress(ASN1OctetString.getInstance(name.getName()).getOctets())
          .getHostAddress();
    } catch (UnknownHostException e) {
      return "of a wrong length";
    }
  }
}

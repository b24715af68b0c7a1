package io.restpipe.auth.identity;

import io.restpipe.security.AtomicFile;
import io.restpipe.security.AtomicFile.Access;
import io.restpipe.security.EnrollmentException;
import io.restpipe.security.EnrollmentException.Reason;
import io.restpipe.security.IdentityException;
import io.restpipe.security.NodeRole;
import io.restpipe.security.Pem;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Base64;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.jspecify.annotations.Nullable;

/**
 * A new key and the request for its certificate, as files, made where the key is used.
 *
 * @param key the key's file
 * @param request the request's file
 */
public record RequestFiles(Path key, Path request) {

  private static final int LARGEST = 256 << 10;

  /**
   * Makes {@code NAME.key.pem}, mode 0600, and {@code NAME.csr.pem}.
   *
   * @param passphrase encrypts the key; null for none
   * @throws IdentityException if one of them is there already; it is left as it is
   */
  public static RequestFiles make(
      Issuance issuance, Path folder, KeyAlgorithm algorithm, char @Nullable [] passphrase)
      throws IOException {
    var files =
        new RequestFiles(
            folder.resolve(issuance.name() + ".key.pem"),
            folder.resolve(issuance.name() + ".csr.pem"));
    for (Path file : new Path[] {files.key, files.request}) {
      if (Files.exists(file)) {
        throw NodeFolder.taken(file.toString());
      }
    }
    AtomicFile.makeFolder(folder);
    KeyPair pair = algorithm.generate();
    byte[] pem =
        passphrase == null
            ? Pem.write(pair.getPrivate())
            : Pem.write(pair.getPrivate(), passphrase);
    byte[] request = block(encode(pair, issuance)).getBytes(StandardCharsets.US_ASCII);
    try (AtomicFile newKey = AtomicFile.prepare(files.key, pem, Access.OWNER);
        AtomicFile newRequest = AtomicFile.prepare(files.request, request, Access.EVERYONE)) {
      newKey.create();
      newRequest.create();
      return files;
    } catch (FileAlreadyExistsException e) {
      throw NodeFolder.taken(e.getFile());
    }
  }

  private static String block(byte[] der) {
    return "-----BEGIN CERTIFICATE REQUEST-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END CERTIFICATE REQUEST-----\n";
  }

  private static byte[] encode(KeyPair pair, Issuance issuance) {
    NodeRole role = issuance.role();
    try {
      var extensions = new ExtensionsGenerator();
      extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      extensions.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      extensions.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(
              KeyPurposeId.getInstance(new ASN1ObjectIdentifier(role.usageOid()))));
      extensions.addExtension(
          Extension.subjectAlternativeName, false, CertificateWriter.alternativeNames(issuance));
      return new JcaPKCS10CertificationRequestBuilder(
              new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, issuance.name()).build(),
              pair.getPublic())
          .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate())
          .build(
              new JcaContentSignerBuilder(KeyAlgorithm.signature(pair.getPrivate()))
                  .build(pair.getPrivate()))
          .getEncoded();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (OperatorCreationException e) {
      throw new IllegalStateException("request could not be signed", e);
    }
  }

  /**
   * Reads a request, PEM or DER.
   *
   * @return PKCS#10, DER
   * @throws IdentityException if the file can't be read
   * @throws EnrollmentException if there is no request in it
   */
  public static byte[] read(Path file) throws EnrollmentException {
    byte[] content;
    try {
      if (Files.size(file) > LARGEST) {
        throw new IdentityException(file + ": is larger than 256 KiB; is it the right file?");
      }
      content = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new IdentityException(file + ": does not exist");
    } catch (IOException e) {
      throw new IdentityException(file + ": can't be read: " + e.getMessage());
    }
    if (content.length > 0 && content[0] == 0x30) {
      return content;
    }
    String text = new String(content, StandardCharsets.ISO_8859_1);
    try (PemReader reader = new PemReader(new StringReader(text))) {
      for (PemObject block = reader.readPemObject();
          block != null;
          block = reader.readPemObject()) {
        if (block.getType().endsWith("CERTIFICATE REQUEST")) {
          return block.getContent();
        }
      }
    } catch (IOException | RuntimeException e) {
      throw new EnrollmentException(
          Reason.REQUEST_MALFORMED, file + ": is damaged; copy the file again");
    }
    throw new EnrollmentException(
        Reason.REQUEST_MALFORMED,
        file + ": holds no certificate request (BEGIN CERTIFICATE REQUEST); is it the right file?");
  }
}

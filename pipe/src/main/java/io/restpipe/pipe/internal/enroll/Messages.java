package io.restpipe.pipe.internal.enroll;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.restpipe.security.EnrollmentException;
import io.restpipe.security.EnrollmentException.Reason;
import io.restpipe.security.IssuedCertificate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is said while a certificate is asked for, as JSON:
 *
 * <pre>
 * join     {"token": "…", "request": "base64 of PKCS#10"}
 * renewal  {"request": "base64 of PKCS#10", "proof": "base64 of a signature"}
 * answer   {"chain": ["base64 of X.509", …], "trustAnchors": ["base64 of X.509", …]}
 * refusal  {"refused": "token-expired", "message": "a sentence"}
 * </pre>
 *
 * Names that are not known are passed over.
 */
public final class Messages {

  /** No message is longer: a request has some hundred bytes, a chain some thousand. */
  public static final int MAX_BYTES = 64 * 1024;

  private static final int MAX_SENTENCE = 500;
  private static final JsonMapper JSON = JsonMapper.shared();

  private Messages() {}

  /** A message that is not what it should be; the sentence says how. */
  public static final class MalformedException extends IOException {

    private static final long serialVersionUID = 1;

    MalformedException(String message) {
      super(message);
    }
  }

  /** A wish for a certificate, and what speaks for it: a token, or a signature. */
  public static final class Wish {

    private final byte[] request;
    private final String token;
    private final byte[] proof;

    private Wish(byte[] request, String token, byte[] proof) {
      this.request = request;
      this.token = token;
      this.proof = proof;
    }

    static Wish toJoin(byte[] message) throws MalformedException {
      JsonNode node = object(message);
      return new Wish(binary(node, "request"), text(node, "token"), new byte[0]);
    }

    static Wish toRenew(byte[] message) throws MalformedException {
      JsonNode node = object(message);
      return new Wish(binary(node, "request"), "", binary(node, "proof"));
    }

    byte[] request() {
      return request;
    }

    String token() {
      return token;
    }

    byte[] proof() {
      return proof;
    }
  }

  /** A wish to join; the request is PKCS#10. */
  static byte[] join(String token, byte[] request) {
    return bytes(Map.of("token", token, "request", base64(request)));
  }

  /** A wish to renew; the proof is a signature with the key that is in use. */
  public static byte[] renewal(byte[] request, byte[] proof) {
    return bytes(Map.of("request", base64(request), "proof", base64(proof)));
  }

  /** What was issued. */
  public static byte[] answer(IssuedCertificate issued) {
    return bytes(
        Map.of(
            "chain", certificates(issued.chain()),
            "trustAnchors", certificates(issued.trustAnchors())));
  }

  /** Why nothing was. */
  public static byte[] refusal(EnrollmentException refused) {
    return bytes(
        Map.of(
            "refused", refused.reason().toString(),
            "message", String.valueOf(refused.getMessage())));
  }

  /**
   * Reads an answer.
   *
   * @throws EnrollmentException if it is a refusal
   */
  public static IssuedCertificate issued(byte[] message)
      throws MalformedException, EnrollmentException {
    JsonNode node = object(message);
    if (node.has("refused")) {
      throw new EnrollmentException(
          reason(text(node, "refused")), line(node.path("message").asString("")));
    }
    try {
      return new IssuedCertificate(certificates(node, "chain"), certificates(node, "trustAnchors"));
    } catch (IllegalArgumentException empty) {
      throw new MalformedException(String.valueOf(empty.getMessage()));
    }
  }

  /** A later version may know more reasons. */
  private static Reason reason(String name) {
    return Arrays.stream(Reason.values())
        .filter(one -> one.toString().equals(name))
        .findFirst()
        .orElse(Reason.UNAVAILABLE);
  }

  private static String line(String text) {
    String line = text.replaceAll("[^ -~]", "?");
    return line.length() <= MAX_SENTENCE ? line : line.substring(0, MAX_SENTENCE) + "...";
  }

  private static JsonNode object(byte[] message) throws MalformedException {
    try {
      JsonNode node = JSON.readTree(message);
      if (node.isObject()) {
        return node;
      }
    } catch (JacksonException notJson) {
      // As below.
    }
    throw new MalformedException("no JSON object");
  }

  private static String text(JsonNode node, String name) throws MalformedException {
    JsonNode value = node.path(name);
    if (!value.isString()) {
      throw new MalformedException("no text \"" + name + '"');
    }
    return value.asString();
  }

  private static byte[] binary(JsonNode node, String name) throws MalformedException {
    return binary(text(node, name), name);
  }

  private static byte[] binary(String text, String name) throws MalformedException {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException notBase64) {
      throw new MalformedException("no base64 in \"" + name + '"');
    }
  }

  private static List<String> certificates(List<X509Certificate> certificates) {
    List<String> texts = new ArrayList<>();
    for (X509Certificate certificate : certificates) {
      try {
        texts.add(base64(certificate.getEncoded()));
      } catch (CertificateEncodingException e) {
        throw new IllegalArgumentException("certificate can't be encoded", e);
      }
    }
    return texts;
  }

  private static List<X509Certificate> certificates(JsonNode node, String name)
      throws MalformedException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (JsonNode text : node.path(name)) {
      byte[] der = binary(text.asString(""), name);
      try {
        certificates.add(
            (X509Certificate)
                CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der)));
      } catch (CertificateException e) {
        throw new MalformedException("no certificate in \"" + name + '"');
      }
    }
    return certificates;
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static byte[] bytes(Map<String, ?> message) {
    return JSON.writeValueAsString(message).getBytes(UTF_8);
  }
}

package io.restpipe.security;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * The name of a node, as its certificate says it. The first of these that is there decides:
 *
 * <ol>
 *   <li>a subject alternative name of type URI, {@code restpipe://NAME}
 *   <li>the first subject alternative name of type DNS that is a host name (a wildcard is not)
 *   <li>the subject's common name
 * </ol>
 *
 * <p>Names from URIs have 1 to 63 letters, digits, dots, underscores and hyphens, a letter or digit
 * first. DNS names are taken in lower case. Common names have 1 to 64 printable ASCII characters
 * without {@code / \ % ? # " < >}, and no space at either end.
 */
public final class PeerName {

  private static final String SCHEME = "restpipe://";
  private static final int URI = 6;
  private static final int DNS = 2;

  private static final Pattern ISSUABLE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
  private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
  private static final Pattern HOST_NAME = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
  private static final Pattern COMMON_NAME =
      Pattern.compile(
          "[!-~&&[^/\\\\%?#\"<>]]([ -~&&[^/\\\\%?#\"<>]]{0,62}[!-~&&[^/\\\\%?#\"<>]])?");

  private PeerName() {}

  /** The name, or nothing where the certificate has none that can be used. */
  public static Optional<String> of(X509Certificate certificate) {
    Collection<List<?>> names = alternativeNames(certificate);
    if (names == null) {
      return Optional.empty();
    }
    Optional<String> uri =
        values(names, URI)
            .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
            .findFirst();
    if (uri.isPresent()) {
      // A name for RestPipe that is malformed is an error of the issuer: no second guess.
      return uri.map(value -> value.substring(SCHEME.length())).filter(PeerName::isIssuable);
    }
    return values(names, DNS)
        .filter(PeerName::isHostName)
        .map(value -> value.toLowerCase(Locale.ROOT))
        .findFirst()
        .or(() -> commonName(certificate.getSubjectX500Principal()));
  }

  /** Whether an authority may issue a certificate for this name: the rule for URIs. */
  public static boolean isIssuable(String name) {
    return ISSUABLE.matcher(name).matches();
  }

  /** Whether this is a DNS host name: labels of letters, digits and inner hyphens, no wildcard. */
  public static boolean isHostName(String name) {
    return name.length() <= 253 && HOST_NAME.matcher(name).matches();
  }

  /** The name as a subject alternative name of type URI. */
  public static String toUri(String name) {
    return SCHEME + name;
  }

  private static Stream<String> values(Collection<List<?>> names, int type) {
    return names.stream()
        .filter(name -> Integer.valueOf(type).equals(name.get(0)))
        .map(name -> (String) name.get(1));
  }

  /** Null where the certificate's extension can't be read. */
  private static @Nullable Collection<List<?>> alternativeNames(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null ? List.of() : names;
    } catch (CertificateParsingException e) {
      return null;
    }
  }

  private static Optional<String> commonName(X500Principal subject) {
    try {
      List<Rdn> rdns = new LdapName(subject.getName(X500Principal.RFC2253)).getRdns();
      Predicate<Rdn> isCommonName = rdn -> rdn.getType().equalsIgnoreCase("CN");
      Function<Rdn, Object> value = Rdn::getValue;
      return rdns.stream()
          .filter(isCommonName)
          .map(value)
          .filter(String.class::isInstance)
          .map(String.class::cast)
          .reduce((outer, inner) -> inner)
          .filter(name -> COMMON_NAME.matcher(name).matches());
    } catch (InvalidNameException e) {
      return Optional.empty();
    }
  }
}

package io.restpipe.security;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Revoked certificates by the lists (CRLs) of their authorities. A list counts once a trusted
 * authority's signature on it is found good. One whose time is over still counts: whoever is on it
 * stays out, and {@link #warnings} says that a newer one is due. Any thread.
 */
public final class RevocationLists implements Revocations {

  /** No more than this is read of a file: 64 MiB, more than a million revoked certificates. */
  private static final int MAX_BYTES = 64 << 20;

  /** Two machines' clocks may differ so much. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  private final List<RevocationList> lists;
  private final List<X509Certificate> authorities;

  private RevocationLists(List<RevocationList> lists, List<X509Certificate> authorities) {
    this.lists = List.copyOf(lists);
    this.authorities = List.copyOf(authorities);
  }

  /**
   * Reads lists from files, each PEM with one list or more, or DER with one. Of several lists of
   * one authority the newest counts.
   *
   * @param authorities the trust anchors, and intermediate authorities where they are known; a list
   *     of an authority that is not among them counts for chains that hold that authority
   * @throws IdentityException with a problem for each file that can't be used
   */
  public static RevocationLists read(List<Path> files, List<X509Certificate> authorities) {
    List<String> problems = new ArrayList<>();
    List<RevocationList> all = new ArrayList<>();
    for (Path file : files) {
      try {
        all.addAll(read(file));
      } catch (IdentityException e) {
        problems.addAll(e.problems());
      }
    }
    for (RevocationList list : all) {
      problem(list, authorities).ifPresent(problems::add);
    }
    if (!problems.isEmpty()) {
      throw new IdentityException(problems);
    }
    return new RevocationLists(newest(all, authorities), authorities);
  }

  private static List<RevocationList> read(Path file) {
    byte[] content = content(file);
    List<RevocationList> lists = new ArrayList<>();
    if (content.length > 0 && content[0] == 0x30) {
      lists.add(list(content, file.toString()));
      return lists;
    }
    for (PemBlock block : PemParser.parse(file.toString(), content)) {
      if (block.type().equals("X509 CRL")) {
        lists.add(list(block.der(), file + ":" + block.line()));
      }
    }
    if (lists.isEmpty()) {
      throw new IdentityException(
          file + ": holds no list of revoked certificates (X509 CRL); is it the right file?");
    }
    return lists;
  }

  private static byte[] content(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(MAX_BYTES + 1);
      if (content.length > MAX_BYTES) {
        throw new IdentityException(file + ": is larger than 64 MiB; is it the right file?");
      }
      return content;
    } catch (NoSuchFileException e) {
      throw new IdentityException(file + ": does not exist");
    } catch (AccessDeniedException e) {
      throw new IdentityException(file + ": may not be read by this user");
    } catch (IOException e) {
      throw new IdentityException(file + ": can't be read: " + e.getMessage());
    }
  }

  private static RevocationList list(byte[] der, String origin) {
    try {
      var in = new ByteArrayInputStream(der);
      var crl = (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(in);
      if (in.available() > 0) {
        throw new CRLException("bytes after the list");
      }
      return new RevocationList(crl, origin);
    } catch (CertificateException | CRLException | RuntimeException e) {
      throw new IdentityException(
          origin + ": the list of revoked certificates is damaged; copy the file again");
    }
  }

  private static Optional<String> problem(RevocationList list, List<X509Certificate> authorities) {
    String unusable = list.unusable();
    if (unusable != null) {
      return Optional.of(
          "%s: the list of revoked certificates of %s %s"
              .formatted(list.origin(), list.issuer(), unusable));
    }
    List<X509Certificate> named = authorities.stream().filter(list::isOf).toList();
    if (named.isEmpty() || list.isSignedBy(named)) {
      return Optional.empty();
    }
    return Optional.of(
        named.stream().anyMatch(RevocationList::maySign)
            ? "%s: the list of revoked certificates is not signed by the trusted authority of that name (%s); fetch that authority's own list"
                .formatted(list.origin(), list.issuer())
            : "%s: the authority %s may not sign lists of revoked certificates (its key usage has no cRLSign)"
                .formatted(list.origin(), list.issuer()));
  }

  /** Two authorities may share a name while one takes over from the other: both lists stay then. */
  private static List<RevocationList> newest(
      List<RevocationList> all, List<X509Certificate> authorities) {
    List<RevocationList> newest = new ArrayList<>();
    for (RevocationList list : all) {
      long namesakes = authorities.stream().filter(list::isOf).count();
      if (namesakes > 1) {
        newest.add(list);
      } else if (newest.stream().noneMatch(other -> other.replaces(list))) {
        newest.removeIf(list::replaces);
        newest.add(list);
      }
    }
    return newest;
  }

  @Override
  public Optional<Revoked> find(List<X509Certificate> chain) {
    for (X509Certificate certificate : chain) {
      for (RevocationList list : lists) {
        if (list.covers(certificate) && counts(list, chain)) {
          Optional<Revoked> revoked = list.find(certificate);
          if (revoked.isPresent()) {
            return revoked;
          }
        }
      }
    }
    return Optional.empty();
  }

  /** A chain is asked about only after it was found to lead to a trust anchor. */
  private boolean counts(RevocationList list, List<X509Certificate> chain) {
    return list.isVerified()
        || list.isSignedBy(chain.subList(1, chain.size()))
        || list.isSignedBy(authorities);
  }

  @Override
  public List<String> warnings(Instant now) {
    List<String> warnings = new ArrayList<>();
    for (RevocationList list : lists) {
      Instant next = list.nextUpdate();
      if (next != null && now.isAfter(next)) {
        warnings.add(
            "%s: the list of revoked certificates of %s is out of date for %s (next update %s); it still counts, but fetch a newer one"
                .formatted(
                    list.origin(),
                    list.issuer(),
                    CertificateCheck.words(Duration.between(next, now)),
                    next));
      }
      if (list.thisUpdate().isAfter(now.plus(SKEW))) {
        warnings.add(
            "%s: the list of revoked certificates of %s is from the future (%s, and it is %s here); is this machine's clock right?"
                .formatted(list.origin(), list.issuer(), list.thisUpdate(), now));
      }
    }
    return warnings;
  }

  /** How many lists there are. */
  public int size() {
    return lists.size();
  }
}

package io.restpipe.auth.identity;

import io.restpipe.auth.identity.CertificateRecord.State;
import io.restpipe.security.EnrollmentException;
import io.restpipe.security.IdentityException;
import io.restpipe.security.IssuedCertificate;
import io.restpipe.security.NodeRole;
import io.restpipe.security.PassphraseSource;
import io.restpipe.security.PeerName;
import io.restpipe.security.Pem;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * All that an authority in a folder has issued: looks it up, renews it, revokes it, and lets a new
 * root take over from an old one.
 *
 * <p>Any thread may use it, and any number of processes one folder.
 */
public final class CertificateRegister {

  private static final Pattern GENERATION = Pattern.compile("(.*) G(\\d{1,4})");

  private final AuthorityFiles files;
  private final CertificateStore store;
  private final PassphraseSource passphrases;
  private final InstantSource clock;

  private CertificateRegister(
      AuthorityFiles files, PassphraseSource passphrases, InstantSource clock) {
    this.files = files;
    this.store = new CertificateStore(files);
    this.passphrases = passphrases;
    this.clock = clock;
  }

  /**
   * That of the authority in a folder.
   *
   * @param passphrases for its keys, where they are encrypted and one is needed
   * @throws IdentityException if there is no authority
   */
  public static CertificateRegister open(Path folder, PassphraseSource passphrases) {
    return open(folder, folder, passphrases, InstantSource.system());
  }

  /** The same, where the root's key is kept elsewhere and may be needed. */
  public static CertificateRegister open(Path folder, Path rootKeys, PassphraseSource passphrases) {
    return open(folder, rootKeys, passphrases, InstantSource.system());
  }

  static CertificateRegister open(
      Path folder, Path rootKeys, PassphraseSource passphrases, InstantSource clock) {
    var files = new AuthorityFiles(folder, rootKeys);
    if (Files.notExists(files.anchors())) {
      throw new IdentityException(
          folder + ": holds no authority; make one with rp-ca init " + folder);
    }
    return new CertificateRegister(files, passphrases, clock);
  }

  /** All certificates, in the order in which they were issued. */
  public List<CertificateRecord> all() throws IOException {
    return store.records().all();
  }

  /** That with this serial number. */
  public Optional<CertificateRecord> find(BigInteger serial) throws IOException {
    return store.records().find(serial);
  }

  /**
   * The newest certificate of a node that was not revoked.
   *
   * @param role its role; null for either
   * @throws IdentityException if there is none
   */
  public CertificateRecord latest(String name, @Nullable NodeRole role) throws IOException {
    return store
        .latest(name, Optional.ofNullable(role))
        .orElseThrow(
            () ->
                new IdentityException(
                    name
                        + ": has no certificate here that is not revoked; rp-ca list shows those"
                        + " that there are"));
  }

  /**
   * The public key of a certificate that was issued here.
   *
   * @throws IdentityException if its copy is missing
   */
  public PublicKey keyOf(CertificateRecord record) {
    return Pem.readCertificates(files.copy(record.serial())).get(0).getPublicKey();
  }

  /** A certificate in the place of another one, for the same name, use, time and key. */
  public IssuedCertificate renew(CertificateRecord current) throws IOException {
    return renew(current, keyOf(current));
  }

  /** The same for another key. */
  public IssuedCertificate renew(CertificateRecord current, PublicKey key) throws IOException {
    return authority().renew(current, key);
  }

  /** The same for the key of a request, which may ask for no more than there was. */
  public IssuedCertificate renew(CertificateRecord current, byte[] request)
      throws EnrollmentException, IOException {
    return authority().sign(request, current.again());
  }

  private CertificateAuthority authority() {
    return CertificateAuthority.open(files.folder(), passphrases, clock);
  }

  /**
   * Revokes certificates, and writes new lists of revoked ones.
   *
   * @param what a certificate's file, its serial number in hexadecimal digits, or the name of a
   *     node: all its certificates that are still valid
   * @return those that were not revoked before
   * @throws IdentityException if nothing is meant by it here
   */
  public List<CertificateRecord> revoke(String what, RevocationReason reason) throws IOException {
    List<Issuer> issuers = issuers();
    Instant now = clock.instant();
    return store.revoke(meant(what, issuers, now), reason, now, issuers, RevocationFile.FRESH);
  }

  private List<CertificateRecord> meant(String what, List<Issuer> issuers, Instant now)
      throws IOException {
    Path file = Path.of(what);
    if (Files.isRegularFile(file)) {
      return List.of(ofFile(file, issuers, now));
    }
    if (what.matches("(0[xX])?[0-9A-Fa-f:]{8,60}")) {
      var serial = new BigInteger(what.replaceFirst("^0[xX]", "").replace(":", ""), 16);
      Optional<CertificateRecord> found = find(serial);
      if (found.isPresent()) {
        return List.of(found.get());
      }
    }
    List<CertificateRecord> valid = store.valid(what, now);
    if (valid.isEmpty() && store.records().of(what).isEmpty()) {
      throw new IdentityException(
          what
              + ": is no file, serial number or name of a certificate that was issued here; rp-ca"
              + " list shows those that there are");
    }
    return valid;
  }

  /** Signed with a key of ours is enough: what openssl signed with it was never written down. */
  private CertificateRecord ofFile(Path file, List<Issuer> issuers, Instant now)
      throws IOException {
    X509Certificate certificate = Pem.readCertificates(file).get(0);
    Optional<CertificateRecord> known = find(certificate.getSerialNumber());
    Issuer issuer =
        issuers.stream()
            .filter(one -> Authorities.signed(one.certificate(), certificate))
            .findFirst()
            .orElseThrow(
                () ->
                    new IdentityException(
                        file + ": was not issued by the authority in " + files.folder()));
    if (known.isPresent()) {
      return known.get();
    }
    String name = PeerName.of(certificate).orElse("unknown");
    return store.adopted(certificate, name, role(certificate), issuer.id(), now);
  }

  private static NodeRole role(X509Certificate certificate) {
    try {
      List<String> usage = certificate.getExtendedKeyUsage();
      return usage != null && usage.contains(NodeRole.SERVER.usageOid())
          ? NodeRole.SERVER
          : NodeRole.CLIENT;
    } catch (CertificateParsingException e) {
      return NodeRole.CLIENT;
    }
  }

  /** All keys whose lists of revoked certificates can be written: also those that were retired. */
  private List<Issuer> issuers() throws IOException {
    List<Issuer> all = new ArrayList<>();
    all.add(files.issuer(passphrases));
    for (AuthorityFiles retired : files.retired()) {
      if (Files.exists(retired.issuerKey()) || Files.exists(retired.rootKey())) {
        Issuer issuer = retired.issuer(passphrases);
        if (clock.instant().isBefore(issuer.end())) {
          all.add(issuer);
        }
      }
    }
    return all;
  }

  /**
   * Writes new lists of revoked certificates; the root's own, too, where its key is at hand.
   *
   * @param fresh how long they count as fresh
   * @return their file
   */
  public Path writeRevocations(Duration fresh) throws IOException {
    List<Issuer> issuers = issuers();
    Instant now = clock.instant();
    if (!files.isRootOnly() && Files.exists(files.rootKey())) {
      Issuer root = files.root(passphrases);
      store.writeRevocations(List.of(root), now, Duration.between(now, root.end()));
    }
    store.writeRevocations(issuers, now, fresh);
    return files.revocations();
  }

  /** Writes new lists of revoked certificates where one is missing or half of its time is over. */
  public void refreshRevocations() throws IOException {
    store.refreshRevocations(issuers(), clock.instant());
  }

  /**
   * Makes a new root and intermediate, which sign from now on. The old root keeps on being trusted
   * until {@link #finishRollover}.
   *
   * @param options for the new ones; where its root's key is kept is that of the old root
   */
  public CertificateAuthority beginRollover(AuthorityOptions options) throws IOException {
    new AuthorityMaker(files, options, clock.instant()).takeOver(passphrases);
    return authority();
  }

  /**
   * Takes the old root out of the trust anchors.
   *
   * @param force although certificates of the old root are still valid
   * @throws IdentityException if there is no old root, or certificates are valid that need it
   */
  public void finishRollover(boolean force) throws IOException {
    FolderLock.run(
        files.lock(),
        () -> {
          List<X509Certificate> roots = Pem.readCertificates(files.anchors());
          if (roots.size() < 2) {
            throw new IdentityException(
                files.anchors() + ": holds one root only: none is taking over from another");
          }
          List<CertificateRecord> left = leftBehind();
          if (!left.isEmpty() && !force) {
            throw new IdentityException(
                "nodes still have a certificate of the old authority only (%d, such as %s until %s): renew them first, or finish with --force"
                    .formatted(left.size(), left.get(0).name(), left.get(0).notAfter()));
          }
          List<X509Certificate> chain = Pem.readCertificates(files.issuerChain());
          AuthorityFiles.replace(files.issuerChain(), chain.subList(0, 1));
          AuthorityFiles.replace(files.anchors(), roots.subList(0, 1));
        });
  }

  /** Valid certificates that another key than today's signed, and that none took the place of. */
  public List<CertificateRecord> leftBehind() throws IOException {
    String current = Issuer.id(Pem.readCertificates(files.issuerChain()).get(0));
    Instant now = clock.instant();
    List<CertificateRecord> all = all();
    return all.stream()
        .filter(record -> record.state(now) == State.VALID && !record.issuer().equals(current))
        .filter(
            old ->
                all.stream()
                    .noneMatch(
                        other ->
                            other.issuer().equals(current)
                                && other.role() == old.role()
                                && other
                                    .name()
                                    .toLowerCase(Locale.ROOT)
                                    .equals(old.name().toLowerCase(Locale.ROOT))))
        .toList();
  }

  /** A name for the root that comes next: {@code RestPipe CA G2} after {@code RestPipe CA}. */
  public String nextName() {
    X509Certificate root = Pem.readCertificates(files.anchors()).get(0);
    String name = CertificateWriter.commonNameOf(root);
    Matcher matcher = GENERATION.matcher(name);
    String next =
        matcher.matches()
            ? matcher.group(1) + " G" + (Integer.parseInt(matcher.group(2)) + 1)
            : name + " G2";
    return next.length() > 64 ? next.substring(next.length() - 64) : next;
  }

  /** The file with the lists of revoked certificates. */
  public Path revocationFile() {
    return files.revocations();
  }
}

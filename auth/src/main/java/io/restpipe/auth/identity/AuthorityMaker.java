package io.restpipe.auth.identity;

import io.restpipe.auth.identity.CertificateWriter.Authority;
import io.restpipe.security.AtomicFile;
import io.restpipe.security.IdentityException;
import io.restpipe.security.PassphraseSource;
import io.restpipe.security.Pem;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Makes authorities: a root, and an intermediate under it that signs from day to day. */
final class AuthorityMaker {

  private static final int LONGEST_NAME = 64;

  private final AuthorityFiles files;
  private final AuthorityOptions options;
  private final Instant now;

  AuthorityMaker(AuthorityFiles files, AuthorityOptions options, Instant now) {
    this.files = files;
    this.options = options;
    this.now = now;
  }

  /** A root and its intermediate, not yet on disk. */
  private record Pair(Issuer root, Issuer intermediate) {}

  private Pair make() {
    KeyPair rootKey = options.algorithm().generate();
    KeyPair key = options.algorithm().generate();
    Instant from = now.minus(Issuance.BACKDATED);
    Instant to = now.plus(options.lifetime());
    X509Certificate root =
        CertificateWriter.selfSigned(
            Authority.of(options.name(), rootKey.getPublic(), from, to), rootKey.getPrivate());
    X509Certificate intermediate =
        CertificateWriter.subordinate(
            Authority.of(intermediateName(), key.getPublic(), from, to),
            0,
            root,
            rootKey.getPrivate());
    return new Pair(
        new Issuer(rootKey.getPrivate(), List.of(), root),
        new Issuer(key.getPrivate(), List.of(intermediate), root));
  }

  private String intermediateName() {
    String suffix = " intermediate";
    int most = LONGEST_NAME - suffix.length();
    String root = options.name();
    return (root.length() > most ? root.substring(0, most) : root) + suffix;
  }

  /**
   * Makes the authority in a folder that has none.
   *
   * @throws IdentityException if there is one; it is left as it is
   */
  void init() throws IOException {
    AtomicFile.makeFolder(files.folder());
    AtomicFile.makeFolder(files.rootKeys());
    FolderLock.run(
        files.lock(),
        () -> {
          for (Path file :
              List.of(files.anchors(), files.rootKey(), files.issuerChain(), files.issuerKey())) {
            if (Files.exists(file)) {
              throw exists(file.toString());
            }
          }
          Pair made = make();
          try {
            write(made);
          } catch (FileAlreadyExistsException e) {
            throw exists(e.getFile());
          }
          AuthorityFiles.replace(files.issuerChain(), made.intermediate().chain());
          AuthorityFiles.replace(files.anchors(), List.of(made.root().anchor()));
          writeRevocations(made);
        });
  }

  private static IdentityException exists(String file) {
    return new IdentityException(
        file + ": there is an authority already; use it, or choose another folder for a new one");
  }

  /** The keys first: the certificates say that all is there. */
  private void write(Pair made) throws IOException {
    AuthorityFiles.create(files.rootKey(), made.root().key(), options.passphrase());
    AuthorityFiles.create(files.issuerKey(), made.intermediate().key(), options.passphrase());
  }

  private void writeRevocations(Pair made) throws IOException {
    var lists = new RevocationFile(files.revocations());
    var records = new CertificateRecords(files.records());
    // The root's list changes only when an intermediate is revoked: it holds as long as the root.
    lists.write(List.of(made.root()), records.all(), now, options.lifetime());
    lists.write(List.of(made.intermediate()), records.all(), now, RevocationFile.FRESH);
  }

  /**
   * Makes a new root and intermediate beside the ones that are there, which keep on being trusted.
   * The old root signs the new one, too, so that nodes which know the old one only take the new
   * certificates as well.
   */
  void takeOver(PassphraseSource passphrases) throws IOException {
    FolderLock.run(
        files.lock(),
        () -> {
          List<X509Certificate> roots = Pem.readCertificates(files.anchors());
          if (roots.size() > 1) {
            throw new IdentityException(
                files.anchors()
                    + ": one authority is taking over from another already; end that first with"
                    + " rp-ca rollover --finish");
          }
          if (options.name().equals(CertificateWriter.commonNameOf(roots.get(0)))) {
            throw new IdentityException(
                "the new root needs another name than the old one (" + options.name() + ")");
          }
          Issuer old = files.root(passphrases);
          Pair made = make();
          X509Certificate newRoot = made.root().anchor();
          X509Certificate cross =
              CertificateWriter.subordinate(
                  new Authority(
                      CertificateWriter.subject(newRoot),
                      newRoot.getPublicKey(),
                      newRoot.getNotBefore().toInstant(),
                      earlier(newRoot, old.anchor())),
                  -1,
                  old.anchor(),
                  old.key());
          retire(old.anchor());
          write(made);
          List<X509Certificate> chain = new ArrayList<>(made.intermediate().chain());
          chain.add(cross);
          AuthorityFiles.replace(files.anchors(), List.of(newRoot, old.anchor()));
          AuthorityFiles.replace(files.issuerChain(), chain);
          writeRevocations(made);
        });
  }

  private static Instant earlier(X509Certificate one, X509Certificate other) {
    Instant first = one.getNotAfter().toInstant();
    Instant second = other.getNotAfter().toInstant();
    return first.isBefore(second) ? first : second;
  }

  /** Puts the old keys aside; the old intermediate's still signs its list of revoked ones. */
  private void retire(X509Certificate root) throws IOException {
    AuthorityFiles retired = files.retired(Issuer.id(root));
    AtomicFile.makeFolder(retired.folder());
    AtomicFile.makeFolder(retired.rootKeys());
    AuthorityFiles.replace(retired.anchors(), List.of(root));
    move(files.issuerKey(), retired.issuerKey());
    if (Files.exists(files.issuerChain())) {
      AuthorityFiles.replace(retired.issuerChain(), Pem.readCertificates(files.issuerChain()));
    }
    move(files.rootKey(), retired.rootKey());
  }

  private static void move(Path from, Path to) throws IOException {
    if (Files.exists(from)) {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }
  }
}

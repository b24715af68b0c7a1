package io.restpipe.auth.identity;

import io.restpipe.security.AtomicFile;
import io.restpipe.security.AtomicFile.Access;
import io.restpipe.security.IdentityException;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.NodeRole;
import io.restpipe.security.Pem;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the files of a node go that an authority makes.
 *
 * @param folder their folder
 * @param name the node's name
 * @param role what it is
 */
record NodeFolder(Path folder, String name, NodeRole role) {

  static NodeFolder of(Path folder, Issuance issuance) {
    return new NodeFolder(folder, issuance.name(), issuance.role());
  }

  Path key() {
    return folder.resolve(name + ".key.pem");
  }

  Path chain() {
    return folder.resolve(name + ".crt.pem");
  }

  IdentityFiles identity() {
    return new IdentityFiles(role, key(), chain(), folder.resolve(IdentityFiles.TRUST_ANCHORS));
  }

  /**
   * Makes sure that nothing would be overwritten.
   *
   * @throws IdentityException with what is there
   */
  void requireFree() {
    for (Path file : List.of(key(), chain())) {
      if (Files.exists(file)) {
        throw taken(file.toString());
      }
    }
  }

  static IdentityException taken(String file) {
    return new IdentityException(
        file + ": is there already; move it away, or choose another name or folder");
  }

  /**
   * Puts the trust anchors beside the node's files, where there are none.
   *
   * @throws IdentityException if there are those of another authority
   */
  static void writeAnchors(Path folder, List<X509Certificate> anchors) throws IOException {
    Path file = folder.resolve(IdentityFiles.TRUST_ANCHORS);
    if (Files.notExists(file)) {
      try (AtomicFile written = AtomicFile.prepare(file, Pem.write(anchors), Access.EVERYONE)) {
        written.create();
        return;
      } catch (FileAlreadyExistsException e) {
        // It came this instant: it is looked at like any other.
      }
    }
    if (!Pem.readCertificates(file).containsAll(anchors.subList(0, 1))) {
      throw new IdentityException(
          file + ": is another authority's; choose another folder for this certificate");
    }
  }

  /** Writes the key and the certificates; when they are on disk is left to the system. */
  void write(PrivateKey key, char @Nullable [] passphrase, List<X509Certificate> chain)
      throws IOException {
    byte[] pem = passphrase == null ? Pem.write(key) : Pem.write(key, passphrase);
    try (AtomicFile newKey = AtomicFile.draft(key(), pem, Access.OWNER);
        AtomicFile newChain = AtomicFile.draft(chain(), Pem.write(chain), Access.EVERYONE)) {
      newKey.create();
      newChain.create();
    } catch (FileAlreadyExistsException e) {
      throw taken(e.getFile());
    } finally {
      Arrays.fill(pem, (byte) 0);
    }
  }
}

package io.restpipe.auth.jwt;

import io.restpipe.auth.internal.WatchedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keys to sign with in a file that is read again when it changes: the first one signs, the others
 * are published with it, so that tokens that they signed are good until they expire. To rotate, put
 * a new key first, and take the old one out later.
 */
public final class SigningKeyFile implements Supplier<SigningKey>, AutoCloseable {

  private final WatchedFile<List<SigningKey>> file;

  private SigningKeyFile(WatchedFile<List<SigningKey>> file) {
    this.file = file;
  }

  /**
   * Opens and watches it.
   *
   * @param wanted the algorithm; null for the one that each key names, or the usual one of its kind
   * @throws KeyException if it can't be read, or its keys must not be used
   */
  public static SigningKeyFile open(Path file, @Nullable JwsAlgorithm wanted) throws KeyException {
    try {
      return new SigningKeyFile(
          WatchedFile.open(file, KeyFile.MAX_BYTES, content -> read(file, content, wanted)));
    } catch (IOException e) {
      throw new KeyException(String.valueOf(e.getMessage()), e);
    }
  }

  private static List<SigningKey> read(Path file, byte[] content, @Nullable JwsAlgorithm wanted)
      throws IOException {
    try {
      return SigningKey.parse(file.toString(), content, wanted);
    } catch (KeyException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** The one that signs now. */
  @Override
  public SigningKey get() {
    return file.value().get(0);
  }

  /** All as a JSON Web Key set, without what is secret; empty for shared secrets. */
  public Map<String, Object> publicJwks() {
    return jwks(file.value());
  }

  /** As {@link #publicJwks}, of keys that are in no file. */
  public static Map<String, Object> jwks(List<SigningKey> keys) {
    List<Map<String, Object>> published = new ArrayList<>();
    keys.forEach(key -> key.publicJwk().ifPresent(published::add));
    return Map.of("keys", published);
  }

  @Override
  public void close() {
    file.close();
  }
}

package io.restpipe.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** A secret in a file of its own, which {@code KEY_file} names. */
final class SecretFile {

  static final String SUFFIX = "_file";

  private static final int LARGEST = 64 << 10;

  private SecretFile() {}

  /** The value of the secret: that of the higher layer, read from its file if need be. */
  static Optional<ConfigValue> choose(Optional<ConfigValue> value, Optional<ConfigValue> file) {
    if (file.isEmpty()) {
      return value;
    }
    if (value.isEmpty() || file.get().layer() > value.get().layer()) {
      return Optional.of(read(file.get()));
    }
    if (value.get().layer() == file.get().layer()) {
      throw new ConfigException(
          new Problem(
              file.get().key(),
              file.get().origin(),
              file.get().written(),
              "must not be there beside " + value.get().key() + ": take one of them out"));
    }
    return value;
  }

  private static ConfigValue read(ConfigValue named) {
    Path path = named.as(Types.path());
    try {
      byte[] bytes = ConfigFile.bytes(path, LARGEST);
      if (bytes.length > LARGEST) {
        throw new IOException("it is larger than 64 KiB");
      }
      String text = new String(bytes, StandardCharsets.UTF_8).replaceFirst("\\R$", "");
      return new ConfigValue(
          named.key().substring(0, named.key().length() - SUFFIX.length()),
          named.origin(),
          new Content.Typed(text, null));
    } catch (IOException | SecurityException unreadable) {
      throw new ConfigException(
          new Problem(
              named.key(),
              named.origin(),
              named.written(),
              "must be a file that can be read: " + ConfigFile.reason(unreadable)),
          unreadable);
    }
  }
}

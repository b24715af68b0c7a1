package io.restpipe.auth.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.restpipe.auth.identity.CertificateRecord.Revocation;
import io.restpipe.security.AtomicFile;
import io.restpipe.security.AtomicFile.Access;
import io.restpipe.security.IdentityException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The list of all certificates that an authority has issued or revoked: a text file that grows at
 * its end ({@link RecordLine}), so that nothing which is written there is ever at risk. A line
 * counts when its end is there. What another process has added is read before each answer.
 *
 * <p>Any thread. Whoever adds holds the authority's {@link FolderLock}.
 */
final class CertificateRecords {

  private static final String HEADER =
      "# The certificates of this authority, issued and revoked. Lines are only ever added.\n";

  /** Below this many there is no use in forgetting. */
  private static final int FEW = 10_000;

  private static final Duration AT_LEAST = Duration.ofDays(1);
  private static final Duration AT_MOST = Duration.ofDays(90);

  private final Path file;
  private final Map<BigInteger, CertificateRecord> records = new LinkedHashMap<>();
  private long position;
  private int lines;
  private @Nullable Object fileKey;

  CertificateRecords(Path file) {
    this.file = file;
  }

  /** All of them, in the order in which they were issued. */
  synchronized List<CertificateRecord> all() throws IOException {
    refresh();
    return List.copyOf(records.values());
  }

  /** That with this serial number. */
  synchronized Optional<CertificateRecord> find(BigInteger serial) throws IOException {
    refresh();
    return Optional.ofNullable(records.get(serial));
  }

  /** Those of a node, in the order in which they were issued. */
  synchronized List<CertificateRecord> of(String name) throws IOException {
    refresh();
    return records.values().stream().filter(record -> record.name().equals(name)).toList();
  }

  /**
   * Adds certificates; on disk when this returns.
   *
   * @throws IllegalStateException if the serial number of one is there already
   */
  synchronized void issued(List<CertificateRecord> added) throws IOException {
    refresh();
    var text = new ArrayList<String>();
    for (CertificateRecord record : added) {
      if (records.containsKey(record.serial())) {
        throw new IllegalStateException("serial number issued before: " + record.serialText());
      }
      text.add(RecordLine.issued(record));
    }
    append(String.join("\n", text));
  }

  /** Adds revocations; on disk when this returns. */
  synchronized void revoked(List<BigInteger> serials, Revocation revocation) throws IOException {
    refresh();
    var text = new ArrayList<String>();
    serials.forEach(serial -> text.add(RecordLine.revoked(serial, revocation)));
    append(String.join("\n", text));
  }

  private void append(String text) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      String added = text + "\n";
      if (channel.size() == 0) {
        added = HEADER + added;
      }
      // What is after the last whole line is what a process left that died at it.
      channel.truncate(position);
      channel.position(position);
      var bytes = ByteBuffer.wrap(added.getBytes(US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(false);
    }
    refresh();
  }

  /** Reads what is new. */
  private void refresh() throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      forget(null);
      return;
    }
    Object key = attributes.fileKey();
    if (attributes.size() < position || (fileKey != null && !fileKey.equals(key))) {
      forget(key);
    }
    fileKey = key;
    if (attributes.size() > position) {
      read(attributes.size());
    }
  }

  private void forget(@Nullable Object newKey) {
    records.clear();
    position = 0;
    lines = 0;
    fileKey = newKey;
  }

  private void read(long size) throws IOException {
    byte[] bytes;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long length = size - position;
      if (length > Integer.MAX_VALUE - 8) {
        throw new IOException(file + " is larger than 2 GiB");
      }
      var buffer = ByteBuffer.allocate((int) length);
      channel.position(position);
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // until all is there
      }
      bytes = buffer.array();
    }
    int begin = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        line(new String(bytes, begin, i - begin, US_ASCII).strip());
        begin = i + 1;
      }
    }
    position += begin;
  }

  private void line(String line) {
    lines++;
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    try {
      RecordLine read = RecordLine.parse(line);
      if (read.isRevocation()) {
        Revocation revocation = read.revocation();
        records.computeIfPresent(
            read.serial(),
            (serial, record) ->
                record.revocation() == null
                    ? record.revoked(revocation.at(), revocation.reason())
                    : record);
      } else {
        CertificateRecord record = read.record();
        records.put(record.serial(), record);
      }
    } catch (IllegalArgumentException e) {
      throw new IdentityException(
          "%s:%d: is not a line of the list of certificates (%s); restore the file from a copy"
              .formatted(file, lines, e.getMessage()));
    }
  }

  /**
   * Forgets what has been over for long, where that is most of the list: for as long as a
   * certificate was valid, but a day at least and ninety at most, it is kept after its end.
   *
   * @return what was forgotten
   */
  synchronized List<CertificateRecord> tidy(Instant now) throws IOException {
    refresh();
    if (records.size() < FEW) {
      return List.of();
    }
    List<CertificateRecord> over =
        records.values().stream().filter(record -> isOver(record, now)).toList();
    if (over.size() < records.size() / 2) {
      return List.of();
    }
    over.forEach(record -> records.remove(record.serial()));
    var text = new StringBuilder(HEADER);
    for (CertificateRecord record : records.values()) {
      text.append(RecordLine.issued(record)).append('\n');
      if (record.revocation() != null) {
        text.append(RecordLine.revoked(record.serial(), record.revocation())).append('\n');
      }
    }
    try (AtomicFile rewritten =
        AtomicFile.prepare(file, text.toString().getBytes(US_ASCII), Access.OWNER)) {
      rewritten.replace();
    }
    forget(null);
    return over;
  }

  private static boolean isOver(CertificateRecord record, Instant now) {
    Duration valid = Duration.between(record.notBefore(), record.notAfter());
    Duration kept =
        valid.compareTo(AT_LEAST) < 0 ? AT_LEAST : valid.compareTo(AT_MOST) > 0 ? AT_MOST : valid;
    return now.isAfter(record.notAfter().plus(kept));
  }
}

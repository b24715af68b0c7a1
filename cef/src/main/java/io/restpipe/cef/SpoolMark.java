package io.restpipe.cef;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.zip.CRC32C;

/** A number in a file of twelve bytes: itself and its check sum. */
final class SpoolMark implements Closeable {

  private static final int LENGTH = Long.BYTES + Integer.BYTES;

  private final FileChannel file;

  SpoolMark(Path path) throws IOException {
    file =
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            FileModes.owner(path));
  }

  /** The number, or 0 if none was written or it is damaged: then everything is read again. */
  long read() throws IOException {
    var bytes = ByteBuffer.allocate(LENGTH);
    if (file.read(bytes, 0) < LENGTH) {
      return 0;
    }
    long number = bytes.getLong(0);
    return bytes.getInt(Long.BYTES) == checkSum(number) ? number : 0;
  }

  void write(long number) throws IOException {
    var bytes = ByteBuffer.allocate(LENGTH).putLong(number).putInt(checkSum(number)).flip();
    file.write(bytes, 0);
  }

  private static int checkSum(long number) {
    var sum = new CRC32C();
    sum.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
    return (int) sum.getValue();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}

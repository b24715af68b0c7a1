package io.restpipe.cef;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;

/** Writes records to a stream that others may write to as well, such as standard output. */
public final class PrintSink implements CefSink {

  private final PrintStream out;

  /** Does not close the stream. */
  public PrintSink(PrintStream out) {
    this.out = out;
  }

  public static PrintSink standardOutput() {
    return new PrintSink(System.out);
  }

  @Override
  public void write(CefRecord record) throws IOException {
    byte[] line = Arrays.copyOf(record.bytes(), record.bytes().length + 1);
    line[line.length - 1] = '\n';
    // In one call: a stream that others write to keeps it in one piece.
    out.write(line, 0, line.length);
    if (out.checkError()) {
      throw new IOException("the stream takes no more");
    }
  }

  @Override
  public void close() {
    out.flush();
  }
}

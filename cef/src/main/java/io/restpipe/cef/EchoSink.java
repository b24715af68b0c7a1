package io.restpipe.cef;

import java.io.IOException;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** Prints records on standard error beside writing them: all, or those that fail at first. */
final class EchoSink implements CefSink {

  private final CefSink sink;
  private final PrintStream err;
  private final boolean all;

  // The logger tries a record again until it is written: once is enough here.
  private @Nullable CefRecord last;

  EchoSink(CefSink sink, PrintStream err, boolean all) {
    this.sink = sink;
    this.err = err;
    this.all = all;
  }

  @Override
  public void write(CefRecord record) throws IOException {
    if (all) {
      print(record);
    }
    try {
      sink.write(record);
    } catch (IOException e) {
      print(record);
      throw e;
    }
  }

  private synchronized void print(CefRecord record) {
    if (last != record) {
      last = record;
      err.println(record);
    }
  }

  @Override
  public void flush() throws IOException {
    sink.flush();
  }

  @Override
  public int maxBytes() {
    return sink.maxBytes();
  }

  @Override
  public int overhead() {
    return sink.overhead();
  }

  @Override
  public void close() throws IOException {
    sink.close();
  }
}

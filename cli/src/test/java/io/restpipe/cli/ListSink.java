package io.restpipe.cli;

import io.restpipe.cef.CefRecord;
import io.restpipe.cef.CefSink;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps the lines that are logged. */
final class ListSink implements CefSink {

  final List<String> lines = new CopyOnWriteArrayList<>();

  @Override
  public void write(CefRecord record) {
    lines.add(record.toString());
  }

  @Override
  public void close() {}
}

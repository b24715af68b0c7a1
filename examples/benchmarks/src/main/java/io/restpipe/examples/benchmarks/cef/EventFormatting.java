package io.restpipe.examples.benchmarks.cef;

import io.restpipe.cef.CefDevice;
import io.restpipe.cef.CefEvent;
import io.restpipe.cef.CefFormatter;
import io.restpipe.cef.CefKeys;
import io.restpipe.cef.CefParser;
import io.restpipe.cef.CefSeverity;
import java.net.InetAddress;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * One thread, an event such as a refused login of a web application makes: nine extensions, some
 * with characters to escape, about 300 bytes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class EventFormatting {

  private static final CefDevice DEVICE = new CefDevice("RestPipe", "server", "0.1.0");

  private final CefFormatter formatter = CefFormatter.builder().build();
  private final CefEvent event = makeEvent();
  private final String line = formatter.format(event);
  private final byte[] buffer = new byte[formatter.maxBytes()];

  private static CefEvent makeEvent() {
    return CefEvent.builder(DEVICE, "AuthFail", "Login failed", CefSeverity.of(5))
        .set(CefKeys.RT, Instant.ofEpochMilli(1_795_245_504_123L))
        .set(CefKeys.SRC, InetAddress.getLoopbackAddress())
        .set(CefKeys.SPT, 40_001)
        .set(CefKeys.SUSER, "ann@example.org")
        .set(CefKeys.REASON, "wrong password")
        .set(CefKeys.REQUEST_METHOD, "POST")
        .set(CefKeys.REQUEST, "https://example.org/login?next=/home&lang=de")
        .customString(1, "requestClientApplication", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140")
        .build();
  }

  /** Into a buffer that is there: what a logger's own cost is. */
  @Benchmark
  public int format() {
    return formatter.format(event, buffer, 0);
  }

  /** Into an array of its own, as a record travels. */
  @Benchmark
  public byte[] formatToArray() {
    return formatter.bytes(event);
  }

  /** From values to text. */
  @Benchmark
  public int buildAndFormat() {
    return formatter.format(makeEvent(), buffer, 0);
  }

  /** From text to an event. */
  @Benchmark
  public CefEvent parse() {
    return CefParser.strict().parse(line);
  }

  /** Runs all of it, and shows what each call allocates. */
  public static void main(String[] args) throws RunnerException {
    new Runner(
            new OptionsBuilder()
                .include(EventFormatting.class.getSimpleName())
                .addProfiler(GCProfiler.class)
                .build())
        .run();
  }
}

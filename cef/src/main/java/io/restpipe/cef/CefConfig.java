package io.restpipe.cef;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code [cef]} of a configuration, checked. {@code docs/cef.md} lists its keys. Two of
 * the same content are equal.
 */
public final class CefConfig {

  /** How long a record may be if nothing else is configured. */
  public static final int DEFAULT_MAX_LENGTH = 1024;

  private final Map<String, String> values;
  private final CefDevice device;
  private final CefFormatter formatter;
  private final TrustedProxies proxies = new TrustedProxies();
  private final SinkConfig sink;
  private final CefLogger.WhenFull whenFull;
  private final int queueSize;
  private final Duration blockAtMost;
  private final @Nullable Path spill;
  private final long spillBytes;

  private CefConfig(Map<String, ?> section) {
    var reader = new SectionReader(section);
    this.values = reader.values();
    this.device = device(reader);
    this.formatter = formatter(reader);
    this.sink = new SinkConfig(reader);
    this.whenFull = reader.choice("when_full", CefLogger.WhenFull.DROP);
    this.queueSize = reader.number("queue_size", 8192, 1, 1 << 20);
    this.blockAtMost = reader.duration("block_at_most", Duration.ofMillis(100), "1ms", "1h");
    this.spillBytes = reader.size("spill_size", SyslogSink.DEFAULT_SPOOL_BYTES, 1 << 16);
    this.spill = spill(reader);
    readProxies(reader);
    reader.check();
  }

  /**
   * Checks a section; no file is opened and nobody is connected to yet.
   *
   * @param section its keys without the section's name; values may be text, numbers, booleans or
   *     lists
   * @throws CefConfigException with all that is wrong
   */
  public static CefConfig of(Map<String, ?> section) {
    return new CefConfig(section);
  }

  /** As {@link #of}, but gives what is wrong instead of throwing it. */
  public static List<CefConfigException.Wrong> wrong(Map<String, ?> section) {
    try {
      CefConfig unused = of(section);
      return List.of();
    } catch (CefConfigException all) {
      return all.wrong();
    }
  }

  private static CefDevice device(SectionReader reader) {
    return new CefDevice(
        atMost(reader, "vendor", "RestPipe", CefDevice.MAX_NAME),
        atMost(reader, "product", "RestPipe", CefDevice.MAX_NAME),
        atMost(reader, "device_version", "1", CefDevice.MAX_VERSION));
  }

  private static String atMost(SectionReader reader, String key, String otherwise, int most) {
    String text = reader.text(key, otherwise);
    if (text.length() > most) {
      reader.wrong(key, "must have at most " + most + " characters, and has " + text.length());
      return "";
    }
    return text;
  }

  private static CefFormatter formatter(SectionReader reader) {
    return CefFormatter.builder()
        .version(reader.number("version", 0, 0, 1))
        .times(timeFormat(reader), reader.zone("time_zone", ZoneOffset.UTC))
        .maxBytes(
            reader.number(
                "max_length",
                DEFAULT_MAX_LENGTH,
                CefFormatter.LEAST_MAX_BYTES,
                CefFormatter.LARGEST_MAX_BYTES))
        .build();
  }

  private static CefTimeFormat timeFormat(SectionReader reader) {
    String wanted = reader.text("time_format", "millis");
    for (CefTimeFormat format : CefTimeFormat.values()) {
      if (format.pattern().equals(wanted)) {
        return format;
      }
    }
    if (!wanted.equals("millis")) {
      String all =
          Arrays.stream(CefTimeFormat.values())
              .skip(1)
              .map(CefTimeFormat::pattern)
              .collect(Collectors.joining(", "));
      reader.wrong("time_format", "must be millis, or one of " + all);
    }
    return CefTimeFormat.EPOCH_MILLIS;
  }

  private @Nullable Path spill(SectionReader reader) {
    String folder = reader.text("spill");
    if (whenFull == CefLogger.WhenFull.SPILL && folder == null) {
      reader.missing("spill", "when_full = spill needs a folder that nothing else uses");
    }
    return folder == null ? null : Path.of(folder);
  }

  private void readProxies(SectionReader reader) {
    for (String proxy : reader.words("trusted_proxies")) {
      if (!proxies.add(proxy)) {
        reader.wrong("trusted_proxies", "must be addresses or ranges such as 10.0.0.0/8");
      }
    }
  }

  /** What events are logged as coming from. */
  public CefDevice device() {
    return device;
  }

  TrustedProxies proxies() {
    return proxies;
  }

  /**
   * Opens a logger as configured; whoever opens it closes it.
   *
   * @throws IOException if the file, the socket or a folder can't be used
   */
  public CefLogger openLogger() throws IOException {
    CefSink opened = sink.open();
    try {
      CefLogger.Builder logger =
          CefLogger.builder(device, opened).formatter(formatter).queueSize(queueSize);
      if (whenFull == CefLogger.WhenFull.BLOCK) {
        logger.blockWhenFull(blockAtMost);
      } else if (whenFull == CefLogger.WhenFull.SPILL && spill != null) {
        logger.spillWhenFull(spill, spillBytes);
      }
      return logger.open();
    } catch (IOException e) {
      opened.close();
      throw e;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CefConfig that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }
}

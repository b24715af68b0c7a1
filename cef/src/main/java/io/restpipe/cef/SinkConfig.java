package io.restpipe.cef;

import io.restpipe.security.IdentityException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Where records go: the part of a section {@code [cef]} that says so. */
final class SinkConfig {

  private static final String SYSLOG = "syslog";
  private static final String MEMORY = "memory";

  private final String file;
  private final boolean filePrefix;
  private final FileSink.Fsync fsync;
  private final long rotateSize;
  private final Duration rotateEvery;
  private final int rotateKeep;
  private final SyslogAddress address;
  private final SyslogFormat format;
  private final SyslogFraming framing;
  private final SyslogFacility facility;
  private final SyslogPriority priority;
  private final String ident;
  private final @Nullable String host;
  private final ZoneId zone;
  private final Set<SyslogOption> options;
  private final @Nullable Path spool;
  private final long spoolSize;
  private final @Nullable SSLContext tls;

  SinkConfig(SectionReader reader) {
    file = reader.text("file", SYSLOG);
    filePrefix = reader.flag("file_prefix", true);
    fsync = reader.choice("fsync", FileSink.Fsync.NEVER);
    rotateSize = reader.size("rotate_size", 0, 1024);
    rotateEvery = reader.duration("rotate_every", Duration.ZERO, "1s", "3650d");
    rotateKeep = reader.number("rotate_keep", 10, 1, 1000);
    address = address(reader);
    format = reader.choice("syslog_format", SyslogFormat.RFC_3164);
    framing = reader.choice("syslog_framing", SyslogFraming.NEWLINE);
    facility = reader.choice("syslog_facility", SyslogFacility.LOCAL4);
    priority = priority(reader);
    ident = reader.text("syslog_ident", "");
    host = reader.text("syslog_host");
    zone = reader.zone("syslog_time_zone", ZoneId.systemDefault());
    options = options(reader);
    spoolSize = reader.size("spool_size", SyslogSink.DEFAULT_SPOOL_BYTES, 1 << 16);
    spool = spool(reader);
    tls = tls(reader);
  }

  private boolean isSyslog() {
    return file.toLowerCase(Locale.ROOT).equals(SYSLOG);
  }

  private static SyslogAddress address(SectionReader reader) {
    var local = new SyslogAddress(SyslogAddress.Kind.LOCAL, "/dev/log", 0);
    String text = reader.text("syslog_address");
    if (text == null) {
      return local;
    }
    Optional<SyslogAddress> parsed = SyslogAddress.parse(text);
    if (parsed.isEmpty()) {
      reader.wrong("syslog_address", SyslogAddress.RULE);
    }
    return parsed.orElse(local);
  }

  /** The key has a dot by tradition; one like its neighbours is taken too. */
  private static SyslogPriority priority(SectionReader reader) {
    SyslogPriority underscore = reader.choice("syslog_priority", SyslogPriority.INFO);
    return reader.choice("syslog.priority", underscore);
  }

  private static Set<SyslogOption> options(SectionReader reader) {
    Set<SyslogOption> options = EnumSet.noneOf(SyslogOption.class);
    for (String word : reader.words("syslog_options")) {
      try {
        options.add(SyslogOption.valueOf(word.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        reader.wrong("syslog_options", "may have PID, CONS, NDELAY, NOWAIT and PERROR");
      }
    }
    return options;
  }

  private @Nullable Path spool(SectionReader reader) {
    String folder = reader.text("spool");
    if (folder == null && isSyslog() && address.kind().isKept()) {
      reader.missing(
          "spool",
          "a folder that nothing else uses, for events the collector has not read yet; or \""
              + MEMORY
              + "\" to lose them with the process");
    }
    return folder == null || folder.equals(MEMORY) ? null : Path.of(folder);
  }

  private @Nullable SSLContext tls(SectionReader reader) {
    String authorities = reader.text("tls_ca");
    String certificate = reader.text("tls_certificate");
    String key = reader.text("tls_key");
    if ((certificate == null) != (key == null)) {
      reader.missing(
          key == null ? "tls_key" : "tls_certificate", "certificate and key go together");
      return null;
    }
    if (address.kind() != SyslogAddress.Kind.TLS) {
      return null;
    }
    try {
      return new TlsFiles(path(authorities), path(certificate), path(key)).context();
    } catch (IdentityException e) {
      e.problems().forEach(problem -> wrongFile(reader, problem));
      return null;
    }
  }

  /** Says it of the key whose file the problem begins with; a line of the file may follow. */
  private static void wrongFile(SectionReader reader, String problem) {
    for (String key : List.of("tls_ca", "tls_certificate", "tls_key")) {
      String begin = reader.text(key) + ":";
      if (problem.startsWith(begin)) {
        String rest = problem.substring(begin.length());
        reader.wrong(key, rest.startsWith(" ") ? rest.strip() : "line " + rest);
        return;
      }
    }
    reader.wrong("tls_ca", problem);
  }

  private static @Nullable Path path(@Nullable String text) {
    return text == null ? null : Path.of(text);
  }

  CefSink open() throws IOException {
    return switch (file.toLowerCase(Locale.ROOT)) {
      case SYSLOG -> openSyslog();
      case "stdout" -> PrintSink.standardOutput();
      case "slf4j" -> new Slf4jSink("io.restpipe.security");
      default -> openFile();
    };
  }

  private FileSink openFile() throws IOException {
    FileSink.Builder sink = FileSink.builder(Path.of(file)).fsync(fsync).keep(rotateKeep);
    if (filePrefix) {
      sink.prefix(host == null ? FileSink.localHost() : host, zone);
    }
    if (rotateSize > 0) {
      sink.rotateAt(rotateSize);
    }
    if (!rotateEvery.isZero()) {
      sink.rotateEvery(rotateEvery);
    }
    return sink.open();
  }

  private CefSink openSyslog() throws IOException {
    SyslogSink.Builder builder =
        builder()
            .format(format)
            .framing(framing)
            .facility(facility)
            .priority(priority)
            .ident(ident)
            .pid(options.contains(SyslogOption.PID))
            .zone(zone);
    if (host != null && address.kind() != SyslogAddress.Kind.LOCAL) {
      builder.host(host);
    }
    if (spool == null) {
      builder.spoolBytes(spoolSize);
    } else {
      builder.spool(spool, spoolSize);
    }
    return echoed(builder.open());
  }

  private SyslogSink.Builder builder() {
    return switch (address.kind()) {
      case LOCAL -> SyslogSink.local(address.path());
      case UDP -> SyslogSink.udp(address.host(), address.port());
      case TCP -> SyslogSink.tcp(address.host(), address.port());
      case TLS -> SyslogSink.tls(address.host(), address.port(), Objects.requireNonNull(tls));
    };
  }

  private CefSink echoed(SyslogSink sink) {
    boolean all = options.contains(SyslogOption.PERROR);
    return all || options.contains(SyslogOption.CONS) ? new EchoSink(sink, System.err, all) : sink;
  }
}

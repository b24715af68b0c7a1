package io.restpipe.cef;

import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Sends records to syslog: over UDP, TCP, TLS, or the socket of this machine's daemon.
 *
 * <p>Over TCP and TLS a record is kept until the collector has read it, in a spool on disk or in
 * memory; writing takes no longer than that. {@code docs/cef.md} says what arrives how often.
 */
public final class SyslogSink implements CefSink {

  /** How much is kept if nothing else is said: 64 MiB. */
  public static final long DEFAULT_SPOOL_BYTES = 64L << 20;

  private final SyslogHeader header;
  private final Transport transport;

  private SyslogSink(SyslogHeader header, Transport transport) {
    this.header = header;
    this.transport = transport;
  }

  /** Begins a sink that sends each record in a datagram; what is lost is lost unseen. */
  public static Builder udp(String host, int port) {
    int target = checked(port);
    return new Builder((builder, header) -> new UdpTransport(host, target));
  }

  /** Begins a sink that sends over TCP, unencrypted. */
  public static Builder tcp(String host, int port) {
    return collector(new Collector(host, checked(port), null));
  }

  /**
   * Begins a sink that sends over TLS 1.3 or 1.2. The collector's certificate must be for the host.
   *
   * @param context trusts the collector's authority; holds the key of the client's certificate if
   *     the collector wants one
   */
  public static Builder tls(String host, int port, SSLContext context) {
    return collector(new Collector(host, checked(port), context));
  }

  private static Builder collector(Collector collector) {
    return new Builder(
        (builder, header) -> new CollectorTransport(collector, builder.framing, builder.backlog()));
  }

  /**
   * Begins a sink that writes to the socket of this machine's daemon, such as {@code /dev/log}.
   * Where the daemon takes datagrams, which Java can't send, the program {@code logger} of
   * util-linux carries the records.
   */
  public static Builder local(Path socket) {
    return local(socket, "logger");
  }

  static Builder local(Path path, String program) {
    var socket = new LocalSocket(path);
    return new Builder(
            (builder, header) ->
                new LocalTransport(socket, () -> builder.process(program, socket, header)))
        .host("");
  }

  private static int checked(int port) {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + ": must be 1 to 65535");
    }
    return port;
  }

  @Override
  public int maxBytes() {
    return transport.maxBytes();
  }

  @Override
  public int overhead() {
    return header.length();
  }

  @Override
  public void write(CefRecord record) throws IOException {
    transport.send(header.message(record));
  }

  @Override
  public void close() throws IOException {
    transport.close();
  }

  private interface Opening {
    Transport open(Builder builder, SyslogHeader header) throws IOException;
  }

  /** Makes a syslog sink. */
  public static final class Builder {

    private static final int FACILITY = 8;

    private final Opening opening;
    private SyslogFormat format = SyslogFormat.RFC_3164;
    private SyslogFraming framing = SyslogFraming.NEWLINE;
    private SyslogFacility facility = SyslogFacility.LOCAL4;
    private SyslogPriority priority = SyslogPriority.INFO;
    private String ident = "";
    private boolean pid;
    private @Nullable String host;
    private ZoneId zone = ZoneId.systemDefault();
    private @Nullable Path spool;
    private long spoolBytes = DEFAULT_SPOOL_BYTES;

    private Builder(Opening opening) {
      this.opening = opening;
    }

    /** RFC 3164 by default; the local socket takes no other. */
    public Builder format(SyslogFormat format) {
      this.format = format;
      return this;
    }

    /** How records are told apart on TCP and TLS; by a line feed by default. */
    public Builder framing(SyslogFraming framing) {
      this.framing = framing;
      return this;
    }

    /** LOCAL4 by default. */
    public Builder facility(SyslogFacility facility) {
      this.facility = facility;
      return this;
    }

    /** INFO by default. */
    public Builder priority(SyslogPriority priority) {
      this.priority = priority;
      return this;
    }

    /** The tag; by default none, so that the {@code CEF:} of the event is it. */
    public Builder ident(String ident) {
      this.ident = ident;
      return this;
    }

    /** Sends the id of this process with the tag; by default not. */
    public Builder pid(boolean pid) {
      this.pid = pid;
      return this;
    }

    /** The name of this machine; by default what the system says. */
    public Builder host(String host) {
      this.host = host;
      return this;
    }

    /** The zone of the dates of RFC 3164, which do not name it; by default the system's. */
    public Builder zone(ZoneId zone) {
      this.zone = zone;
      return this;
    }

    /**
     * Where records for TCP and TLS are kept until the collector has read them; by default in
     * memory.
     *
     * @param folder one that nothing else uses; made if it is not there
     * @param maxBytes how much it may hold, at least 64 KiB
     */
    public Builder spool(Path folder, long maxBytes) {
      spoolBytes(maxBytes);
      this.spool = folder;
      return this;
    }

    /** How much is kept in memory where there is no folder: at least 64 KiB, 64 MiB by default. */
    public Builder spoolBytes(long maxBytes) {
      if (maxBytes < 1 << 16) {
        throw new IllegalArgumentException(
            "spool of " + maxBytes + " bytes: must be 65536 or more");
      }
      this.spoolBytes = maxBytes;
      return this;
    }

    private LoggerProcess process(String program, LocalSocket socket, SyslogHeader header)
        throws IOException {
      String tag = ident.isEmpty() ? "cef" : ident;
      return new LoggerProcess(program, socket, tag, ident.isEmpty() ? "" : process(), header);
    }

    private String process() {
      return pid ? Long.toString(ProcessHandle.current().pid()) : "";
    }

    private Backlog backlog() throws IOException {
      return spool == null ? new MemoryBacklog(spoolBytes) : Spool.open(spool, spoolBytes);
    }

    /**
     * Opens the sink. A collector on TCP or TLS need not be there yet.
     *
     * @throws IOException if the spool or the local socket can't be used
     */
    public SyslogSink open() throws IOException {
      String from = host == null ? FileSink.localHost() : host;
      SyslogFormat used = from.isEmpty() ? SyslogFormat.RFC_3164 : format;
      var header =
          new SyslogHeader(
              used, facility.number() * FACILITY + priority.number(), from, ident, process(), zone);
      return new SyslogSink(header, opening.open(this, header));
    }
  }
}

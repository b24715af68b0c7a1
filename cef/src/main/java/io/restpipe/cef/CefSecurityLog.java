package io.restpipe.cef;

import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEvent.Field;
import io.restpipe.security.SecurityEventKind;
import io.restpipe.security.SecurityLog;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Writes a node's security events as CEF. Nobody can flood it: of the same event only the first is
 * logged at once; its repeats within a minute are counted, and logged as one with their number
 * ({@code cnt}), {@code start} and {@code end}. Same means the same kind, address, peer, user,
 * reason and limit. Of events that differ in these, twenty of a kind and one source are logged in a
 * minute, and what comes beyond is counted by source: the peer by its certificate, the user who was
 * let in, or the address (of IPv6, its network of 64 bits). So no source hides what others do. Of
 * all sources together that have not proved who they are, a thousand of a kind are logged in a
 * minute, of those that have, ten thousand; what comes beyond is counted by kind alone. What was
 * counted is logged before a node's stop. Any thread.
 */
public final class CefSecurityLog implements SecurityLog, AutoCloseable {

  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final CefDevice device;
  private final Supplier<String> node;
  private final Consumer<CefEvent> out;
  private final InstantSource clock;
  private final Repeats repeats;
  private final ScheduledThreadPoolExecutor timer;

  /**
   * Writes to a logger, which it does not close.
   *
   * @param node the name of this node, {@code dvchost} of every event
   */
  public CefSecurityLog(CefLogger logger, CefDevice device, String node) {
    this(logger, device, () -> node);
  }

  /**
   * The same for a node that does not know its name yet.
   *
   * @param node asked for each event; while it is empty, events have no {@code dvchost}
   */
  public CefSecurityLog(CefLogger logger, CefDevice device, Supplier<String> node) {
    this(logger::log, device, node, InstantSource.system());
    timer.scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.SECONDS);
  }

  CefSecurityLog(
      Consumer<CefEvent> out, CefDevice device, Supplier<String> node, InstantSource clock) {
    this.out = out;
    this.device = device;
    this.node = node;
    this.clock = clock;
    this.repeats = new Repeats(WINDOW);
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              var daemon = new Thread(task, "restpipe-cef-repeats");
              daemon.setDaemon(true);
              return daemon;
            });
  }

  @Override
  public void log(SecurityEvent event) {
    Instant now = clock.instant();
    if (event.kind() == SecurityEventKind.NODE_STOPPED) {
      write(repeats.takeAll());
    }
    // What was lost is told each time: each has a number of its own, and they are rare.
    if (event.kind() == SecurityEventKind.EVENTS_LOST || repeats.isFirst(event, now)) {
      out.accept(converted(event, now).build());
    }
  }

  /** Logs the repeats whose minute is over. */
  void tick() {
    write(repeats.takeOver(clock.instant()));
  }

  private void write(List<Repeats.Repeated> all) {
    for (Repeats.Repeated repeated : all) {
      out.accept(
          converted(repeated.event(), repeated.last())
              .set(CefKeys.CNT, Math.min(repeated.count(), Integer.MAX_VALUE))
              .set(CefKeys.START, repeated.first())
              .set(CefKeys.END, repeated.last())
              .build());
    }
  }

  private CefEvent.Builder converted(SecurityEvent event, Instant time) {
    CefEvent.Builder cef =
        CefEvent.builder(
            device,
            event.kind().signature(),
            event.kind().title(),
            CefSeverity.of(event.kind().severity()));
    cef.set(CefKeys.RT, time);
    String name = node.get();
    if (!name.isEmpty()) {
      cef.set(CefKeys.DVCHOST, name);
    }
    cef.set(CefKeys.OUTCOME, event.kind().outcome());
    event.address().ifPresent(address -> cef.set(CefKeys.SRC, address));
    if (event.port() > 0) {
      cef.set(CefKeys.SPT, event.port());
    }
    event.fields().forEach((field, value) -> set(cef, field, value));
    return cef;
  }

  private static void set(CefEvent.Builder cef, Field field, String value) {
    switch (field) {
      case PEER -> cef.set(CefKeys.SHOST, value);
      case USER -> cef.set(CefKeys.SUSER, value);
      case REASON -> cef.set(CefKeys.REASON, value);
      case MESSAGE -> cef.set(CefKeys.MSG, value);
      case METHOD -> cef.set(CefKeys.REQUEST_METHOD, value);
      case PATH -> cef.set(CefKeys.REQUEST, value);
      case USER_AGENT -> cef.set(CefKeys.REQUEST_CLIENT_APPLICATION, value);
      case HOST -> cef.set(CefKeys.DHOST, value);
      case SERIAL -> cef.customString(1, "certificateSerial", value);
      case TOKEN_ID -> cef.customString(2, "tokenId", value);
      case RULE -> cef.customString(3, "rule", value);
      case LIMIT -> cef.customString(4, "limit", value);
      case FILE -> cef.set(CefKeys.FILE_PATH, value);
    }
  }

  /** Logs all repeats that were counted. */
  @Override
  public void close() {
    timer.shutdownNow();
    write(repeats.takeAll());
  }
}

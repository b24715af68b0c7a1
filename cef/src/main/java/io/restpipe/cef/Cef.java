package io.restpipe.cef;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what happened to a request in one call. Each configuration has one logger in the process,
 * opened with the first event and closed when Java ends. Any thread.
 */
public final class Cef {

  /** Somebody could not log in. */
  public static final String AUTH_FAIL = "AuthFail";

  /** A captcha was answered wrongly. */
  public static final String CAPTCHA_FAIL = "CaptchaFail";

  /** Somebody who is no administrator acted as one. */
  public static final String INVALID_ADMIN = "InvalidAdmin";

  /** An account was locked after too many failures. */
  public static final String ACCOUNT_LOCKOUT = "AccountLockout";

  /** A request to reset a password was withdrawn. */
  public static final String PASSWORD_RESET_CLEARED = "PasswordResetCleared";

  private static final Logger LOG = LoggerFactory.getLogger(Cef.class);
  private static final String NONE = "none";

  private static final Comparator<Map.Entry<String, String>> SHORTEST_FIRST =
      Comparator.<Map.Entry<String, String>>comparingInt(extra -> extra.getValue().length())
          .thenComparingInt(extra -> extra.getKey().length())
          .thenComparing(Map.Entry::getKey);

  private static final Map<CefConfig, CefLogger> LOGGERS = new HashMap<>();

  // Under the lock of that map, as its entries are.
  private static boolean closesAtExit;

  private Cef() {}

  /**
   * Logs an event without user, whose signature is its name.
   *
   * @param severity 0 to 10
   */
  public static void logCef(String name, int severity, CefRequest request, CefConfig config) {
    logCef(name, severity, request, config, null, null, Map.of());
  }

  /**
   * Logs an event. It has, in this order, the user agent as {@code cs1}, method, path, source
   * address, host and user, each {@code none} where there is none, and then the extras.
   *
   * @param severity 0 to 10
   * @param username who acts; null for nobody
   * @param signature what rules know the event by; null for the name
   * @param extras further extensions by key; the shortest values come first, whatever the order of
   *     the map. Characters that a key can't have are taken out of it, with a warning
   * @throws UncheckedIOException if what is configured can't be opened
   */
  public static void logCef(
      String name,
      int severity,
      CefRequest request,
      CefConfig config,
      @Nullable String username,
      @Nullable String signature,
      Map<String, ?> extras) {
    logger(config).log(event(name, severity, request, config, username, signature, extras));
  }

  static CefEvent event(
      String name,
      int severity,
      CefRequest request,
      CefConfig config,
      @Nullable String username,
      @Nullable String signature,
      Map<String, ?> extras) {
    String source =
        config
            .proxies()
            .source(request.remoteAddress(), request.header("X-Forwarded-For"))
            .map(Values::address)
            .orElse(NONE);
    CefEvent.Builder event =
        CefEvent.builder(
                config.device(),
                signature == null ? name : signature,
                name,
                CefSeverity.of(severity))
            .customString(1, "requestClientApplication", orNone(request.header("User-Agent")))
            .put("requestMethod", orNone(request.method()))
            .put("request", orNone(request.path()))
            .put("src", source)
            .put("dhost", orNone(request.host()))
            .put("suser", orNone(username));
    extras.entrySet().stream()
        .map(extra -> Map.entry(extra.getKey(), String.valueOf(extra.getValue())))
        .sorted(SHORTEST_FIRST)
        .forEach(extra -> putExtra(event, extra.getKey(), extra.getValue()));
    return event.buildUnchecked();
  }

  private static String orNone(@Nullable String value) {
    return value == null || value.isBlank() ? NONE : value;
  }

  private static void putExtra(CefEvent.Builder event, String key, String value) {
    String clean = cleanKey(key);
    if (!clean.equals(key)) {
      LOG.warn(
          "extension key \"{}\" was logged as \"{}\": use letters, digits, _ . and - only",
          Text.header(key),
          clean);
    }
    if (!clean.isEmpty()) {
      event.put(clean, value);
    }
  }

  private static String cleanKey(String key) {
    String letters = key.replaceAll("[^A-Za-z0-9_.-]", "");
    String begun = letters.replaceFirst("^[.-]+", "");
    return begun.substring(0, Math.min(begun.length(), CefEvent.MAX_KEY_LENGTH));
  }

  private static CefLogger logger(CefConfig config) {
    synchronized (LOGGERS) {
      CefLogger logger = LOGGERS.get(config);
      if (logger == null) {
        closeAtExit();
        logger = open(config);
        LOGGERS.put(config, logger);
      }
      return logger;
    }
  }

  private static void closeAtExit() {
    if (!closesAtExit) {
      closesAtExit = true;
      Runtime.getRuntime().addShutdownHook(new Thread(Cef::closeAll, "restpipe-cef-close"));
    }
  }

  private static CefLogger open(CefConfig config) {
    try {
      return config.openLogger();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes what is queued and closes what {@link #logCef} opened; it opens anew when called. */
  public static void closeAll() {
    Map<CefConfig, CefLogger> open;
    synchronized (LOGGERS) {
      open = new HashMap<>(LOGGERS);
      LOGGERS.clear();
    }
    open.values().forEach(CefLogger::close);
  }
}

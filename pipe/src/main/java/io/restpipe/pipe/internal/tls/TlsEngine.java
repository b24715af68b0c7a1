package io.restpipe.pipe.internal.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Who does the TLS: the same rules on either, the native one is faster. */
public enum TlsEngine {
  /** BoringSSL through netty-tcnative. */
  NATIVE(SslProvider.OPENSSL),
  /** The JDK's own. */
  JDK(SslProvider.JDK);

  /** Forces an engine: {@code native} or {@code jdk}. Without it the native one where it loads. */
  public static final String PROPERTY = "restpipe.tls.engine";

  private final SslProvider provider;

  TlsEngine(SslProvider provider) {
    this.provider = provider;
  }

  /**
   * The engine that {@link #PROPERTY} names, else the native one where it loads, else the JDK's.
   *
   * @throws IllegalArgumentException if the property names none, or the native one and it does not
   *     load
   */
  public static TlsEngine preferred() {
    return named(System.getProperty(PROPERTY));
  }

  static TlsEngine named(@Nullable String name) {
    if (name == null || name.isEmpty()) {
      return NATIVE.isAvailable() ? NATIVE : JDK;
    }
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "jdk" -> JDK;
      case "native" -> {
        if (!NATIVE.isAvailable()) {
          throw new IllegalArgumentException(
              PROPERTY + " = native: netty-tcnative does not load here; use jdk, or leave it out",
              OpenSsl.unavailabilityCause());
        }
        yield NATIVE;
      }
      default ->
          throw new IllegalArgumentException(PROPERTY + " = " + name + ": must be native or jdk");
    };
  }

  /** Whether it runs on this machine. */
  public boolean isAvailable() {
    return this == JDK || OpenSsl.isAvailable();
  }

  /** Name and version, for the line that a node logs when it starts. */
  public String description() {
    return this == JDK
        ? "JDK " + Runtime.version().feature()
        : OpenSsl.versionString() + " (netty-tcnative)";
  }

  SslProvider provider() {
    return provider;
  }
}

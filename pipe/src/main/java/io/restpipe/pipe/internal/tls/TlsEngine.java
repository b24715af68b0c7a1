package io.restpipe.pipe.internal.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import io.restpipe.security.Identity;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who does the TLS: the same rules on either, the native one is faster. */
public enum TlsEngine {
  /** BoringSSL through netty-tcnative. */
  NATIVE(SslProvider.OPENSSL),
  /** The JDK's own. */
  JDK(SslProvider.JDK);

  /** Forces an engine: {@code native} or {@code jdk}. Without it the native one where it loads. */
  public static final String PROPERTY = "restpipe.tls.engine";

  /** What the JDK calls their algorithm. */
  private static final Set<String> EDWARDS = Set.of("EdDSA", "Ed25519", "Ed448");

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

  /**
   * The same for a node with this identity: where nothing is forced, keys that the native engine
   * does not take (Ed25519, Ed448: its own, or those of authorities) get the JDK's.
   */
  static TlsEngine preferred(Identity identity) {
    return named(System.getProperty(PROPERTY), identity);
  }

  static TlsEngine named(@Nullable String name, Identity identity) {
    boolean forced = name != null && !name.isEmpty();
    boolean edwards =
        Stream.concat(identity.chain().stream(), identity.trustAnchors().stream())
            .anyMatch(certificate -> EDWARDS.contains(certificate.getPublicKey().getAlgorithm()));
    return !forced && edwards ? JDK : named(name);
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

package io.restpipe.gateway;

import io.restpipe.security.Authenticator;
import io.restpipe.security.Identity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One place where a gateway listens, and whom it lets in there. Immutable, but for its certificate,
 * which {@link GatewayCertificate} replaces.
 *
 * <p>Without an authenticator nobody is asked who they are: callers on this machine are taken for
 * the node itself, all others for nobody.
 */
public final class GatewayListener {

  /** How long an authenticator may take. */
  static final Duration AUTHENTICATION_TIMEOUT = Duration.ofSeconds(10);

  final GatewayAddress address;
  final @Nullable GatewayCertificate certificate;
  final ClientCertificates clientCertificates;
  final List<Authenticator> authenticators;
  final AllowedOrigins origins;
  final TrustedProxies proxies;
  final @Nullable RateLimit rateLimit;
  final long maxBody;
  final boolean openPages;

  /** Whether callers are asked for a certificate. */
  public enum ClientCertificates {
    /** No. */
    NONE,
    /** Yes, and one that is shown must be right; a caller without one may be known otherwise. */
    OPTIONAL,
    /** Yes, and without one no connection is made. */
    REQUIRED
  }

  private GatewayListener(Builder builder) {
    this.address = builder.address;
    this.certificate = builder.certificate;
    this.clientCertificates = builder.clientCertificates;
    var all = new ArrayList<Authenticator>(builder.authenticators);
    if (clientCertificates != ClientCertificates.NONE) {
      // Last: what a caller says on purpose counts before what its TLS library does by itself.
      all.add(new CertificateAuthenticator());
    }
    this.authenticators = List.copyOf(all);
    this.origins = builder.origins;
    this.proxies = builder.proxies;
    this.rateLimit = builder.rateLimit;
    this.maxBody = builder.maxBody;
    this.openPages = builder.openPages;
    if (certificate == null && clientCertificates != ClientCertificates.NONE) {
      throw new IllegalArgumentException(
          "gateway " + address + ": client certificates need HTTPS, so give it a certificate");
    }
  }

  /**
   * Begins a listener.
   *
   * @param address {@code HOST:PORT} or {@code unix:PATH}
   * @throws IllegalArgumentException if the address is malformed
   */
  public static Builder at(String address) {
    return new Builder(GatewayAddress.parse(address));
  }

  /** As {@link #at(String)}. */
  public static Builder at(GatewayAddress address) {
    return new Builder(address);
  }

  /** Where it listens, as it was written. */
  public GatewayAddress address() {
    return address;
  }

  /** Whether nobody is asked who they are. */
  boolean open() {
    return authenticators.isEmpty();
  }

  boolean https() {
    return certificate != null;
  }

  /** Whether it is anything else than the plain HTTP for this machine that a gateway began as. */
  boolean guarded() {
    return https() || !open();
  }

  /** Whether a request has to be looked at before it goes on. */
  boolean asks() {
    return guarded() || rateLimit != null || !origins.isEmpty() || !proxies.isEmpty();
  }

  /**
   * Refuses what would let other machines in unasked, or let passwords be read on their way.
   *
   * @param dev whether it is allowed all the same, for trying things out
   * @throws IllegalArgumentException with what to do instead
   */
  public void requireSafe(boolean dev) {
    if (dev || address.loopback()) {
      return;
    }
    if (open()) {
      address.requireLoopback(false);
    }
    if (!https()) {
      throw new IllegalArgumentException(
          "gateway address "
              + address
              + ": passwords and tokens would travel unprotected, since it has no certificate;"
              + " give it one (https.listen), listen on loopback behind a proxy that does HTTPS, or"
              + " say --dev where that is really wanted");
    }
  }

  @Override
  public String toString() {
    return address.toString();
  }

  /** Collects what is optional in a listener. Not thread-safe. */
  public static final class Builder {

    private final GatewayAddress address;
    private @Nullable GatewayCertificate certificate;
    private ClientCertificates clientCertificates = ClientCertificates.NONE;
    private final List<Authenticator> authenticators = new ArrayList<>();
    private AllowedOrigins origins = AllowedOrigins.none();
    private TrustedProxies proxies = TrustedProxies.none();
    private @Nullable RateLimit rateLimit;
    private long maxBody = Long.MAX_VALUE;
    private boolean openPages;

    private Builder(GatewayAddress address) {
      this.address = address;
    }

    /** Speaks HTTPS with that certificate. Default: HTTP. */
    public Builder https(GatewayCertificate certificate) {
      this.certificate = certificate;
      return this;
    }

    /** As {@link #https(GatewayCertificate)}, with one that stays. */
    public Builder https(Identity identity) {
      return https(new GatewayCertificate(identity));
    }

    /**
     * Asks callers for a certificate of an authority that the listener's own identity trusts.
     * Default: no.
     */
    public Builder clientCertificates(ClientCertificates wanted) {
      this.clientCertificates = wanted;
      return this;
    }

    /** Asks for who the caller is; of several the first that knows decides. Default: none. */
    public Builder authenticator(Authenticator authenticator) {
      authenticators.add(authenticator);
      return this;
    }

    /**
     * The web sites whose pages may call: {@code https://HOST[:PORT]}, or {@code *} for all, then
     * without cookies and passwords. Default: none but the gateway's own.
     *
     * @throws IllegalArgumentException if one is malformed
     */
    public Builder origins(List<String> origins) {
      this.origins = AllowedOrigins.of(origins);
      return this;
    }

    /**
     * The proxies whose X-Forwarded-For is believed, as addresses or networks: {@code 10.0.0.0/8}.
     * Default: none.
     *
     * @throws IllegalArgumentException if one is malformed
     */
    public Builder trustedProxies(List<String> networks) {
      this.proxies = TrustedProxies.of(networks);
      return this;
    }

    /**
     * How many requests a caller may make: each user or peer, and each address of those unknown.
     * Default: any number.
     *
     * @param perSecond over a longer time
     * @param burst at once
     * @throws IllegalArgumentException if one is not positive
     */
    public Builder rateLimit(double perSecond, int burst) {
      this.rateLimit = new RateLimit(perSecond, burst, System::nanoTime);
      return this;
    }

    /**
     * The most bytes that a request's body may have. Default: any number.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder maxBody(long bytes) {
      if (bytes < 0) {
        throw new IllegalArgumentException("max body is negative: " + bytes);
      }
      this.maxBody = bytes;
      return this;
    }

    /**
     * Whether the metrics and the list of clients are for callers that nobody knows, too; the
     * heartbeat page always is. Default: no, unless nobody is asked who they are.
     */
    public Builder openPages(boolean open) {
      this.openPages = open;
      return this;
    }

    /**
     * Makes it.
     *
     * @throws IllegalArgumentException if client certificates are wanted without HTTPS
     */
    public GatewayListener build() {
      return new GatewayListener(this);
    }
  }
}

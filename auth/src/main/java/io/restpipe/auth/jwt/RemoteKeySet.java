package io.restpipe.auth.jwt;

import io.restpipe.auth.internal.StrictJson;
import io.restpipe.auth.internal.StrictJson.JsonException;
import io.restpipe.auth.jwt.JwtException.Reason;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys of an issuer elsewhere: its JSON Web Key set, or that which its OpenID discovery
 * document names. Fetched once, again before it is too old, and when a token names a key that is
 * not in it, but not more often than every 30 seconds whatever tokens say. While the issuer can't
 * be reached, the keys that were had stay good for a day. Shared secrets in it are passed over.
 */
public final class RemoteKeySet implements VerificationKeys {

  /** How old keys may be before they are fetched again. */
  static final Duration FRESH = Duration.ofMinutes(5);

  /** How old they may become while they can't be fetched. */
  static final Duration STALE = Duration.ofHours(24);

  /** The least time between fetches. */
  static final Duration INTERVAL = Duration.ofSeconds(30);

  /** The same while there are no keys at all, and every token is refused until there are. */
  private static final Duration RETRY = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(RemoteKeySet.class);
  private static final Duration WAIT = Duration.ofSeconds(5);
  private static final String DISCOVERY = "/.well-known/openid-configuration";

  private final URI location;
  private final @Nullable String discovered;
  private final List<JwsAlgorithm> allowed;
  private final HttpsFetch fetch;
  private final Set<String> hosts;
  private final InstantSource clock;
  private final Executor executor;

  private volatile @Nullable KeySet keys;
  private volatile Instant fetchedAt = Instant.EPOCH;
  private final AtomicLong generation = new AtomicLong();
  private Instant triedAt = Instant.EPOCH;
  private @Nullable CompletableFuture<Boolean> fetching;

  private RemoteKeySet(Builder builder) {
    this.location = builder.location;
    this.discovered = builder.discovered;
    this.allowed = List.copyOf(builder.allowed);
    this.fetch = builder.fetch;
    this.hosts = Set.copyOf(builder.hosts);
    this.clock = builder.clock;
    this.executor = builder.executor;
  }

  /**
   * The set at that address, which is {@code https}.
   *
   * @throws IllegalArgumentException if it is not; {@code http} on loopback needs {@link
   *     Builder#allowPlainLoopback}
   */
  public static Builder at(URI jwks) {
    return new Builder(jwks, null);
  }

  /**
   * The set that the discovery document of an OpenID provider names.
   *
   * @param issuer its {@code iss}, such as {@code https://login.example.org}
   */
  public static Builder ofIssuer(String issuer) {
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    return new Builder(URI.create(base + DISCOVERY), issuer);
  }

  @Override
  public List<VerificationKey> find(JwsAlgorithm algorithm, @Nullable String keyId)
      throws JwtException {
    KeySet now = keys;
    Duration age = Duration.between(fetchedAt, clock.instant());
    if (now == null || age.compareTo(STALE) > 0) {
      await(refresh());
      now = keys;
      if (now == null || isTooOld()) {
        throw new JwtException(Reason.KEYS_UNAVAILABLE, "the issuer's keys can't be fetched now");
      }
    } else if (age.compareTo(FRESH) > 0) {
      refresh(); // those that are there do in the meantime
    }
    try {
      return now.find(algorithm, keyId);
    } catch (JwtException unknown) {
      if (unknown.reason() != Reason.KEY_UNKNOWN || !await(refresh())) {
        throw unknown;
      }
      KeySet fresh = keys;
      return (fresh == null ? now : fresh).find(algorithm, keyId);
    }
  }

  private boolean isTooOld() {
    return Duration.between(fetchedAt, clock.instant()).compareTo(STALE) > 0;
  }

  private static boolean await(CompletableFuture<Boolean> fetch) {
    try {
      return fetch.get(WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException failed) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** One fetch at a time, and not more than one in 30 seconds; true if it got keys. */
  private synchronized CompletableFuture<Boolean> refresh() {
    if (fetching != null && !fetching.isDone()) {
      return fetching;
    }
    Instant now = clock.instant();
    if (Duration.between(triedAt, now).compareTo(keys == null ? RETRY : INTERVAL) < 0) {
      return CompletableFuture.completedFuture(false);
    }
    triedAt = now;
    fetching = CompletableFuture.supplyAsync(this::fetchKeys, executor);
    return fetching;
  }

  private boolean fetchKeys() {
    try {
      URI jwks = discovered == null ? location : discover(discovered);
      List<VerificationKey> found = new ArrayList<>();
      for (KeyMaterial material : Jwk.parseLenient(fetch.get(jwks), this::passOver)) {
        if (material.secret() == null) {
          found.addAll(usable(material));
        }
      }
      KeySet next = KeySet.published(found);
      KeySet before = keys;
      keys = next;
      fetchedAt = clock.instant();
      if (before == null || !before.isSameAs(next)) {
        generation.incrementAndGet();
        LOG.info("{} has keys {}", location.getHost(), next.keys());
      }
      return true;
    } catch (IOException | KeyException | RuntimeException e) {
      LOG.warn(
          "the keys at {} can't be fetched{}: {}",
          location,
          keys == null ? "" : ", those of before stay in force",
          e.getMessage());
      return false;
    }
  }

  /** A key that is too weak, or for an algorithm that is not allowed, spoils only itself. */
  private List<VerificationKey> usable(KeyMaterial material) {
    try {
      return material.verification(allowed);
    } catch (KeyException e) {
      LOG.debug("{} of {} is not used: {}", material, location, e.getMessage());
      return List.of();
    }
  }

  private void passOver(KeyException damaged) {
    LOG.debug("a key of {} is not used: {}", location, damaged.getMessage());
  }

  private URI discover(String issuer) throws IOException {
    try {
      Map<String, @Nullable Object> document = StrictJson.object(fetch.get(location));
      if (!issuer.equals(document.get("issuer"))) {
        throw new IOException("the discovery document is of another issuer");
      }
      if (!(document.get("jwks_uri") instanceof String uri)) {
        throw new IOException("the discovery document has no jwks_uri");
      }
      URI jwks = URI.create(uri);
      if (!hosts.contains(jwks.getHost())) {
        throw new IOException(
            "the discovery document names keys on host "
                + jwks.getHost()
                + ", which is not allowed; allow it if it is the issuer's");
      }
      return jwks;
    } catch (JsonException | IllegalArgumentException e) {
      throw new IOException("the discovery document " + e.getMessage(), e);
    }
  }

  /** Asked for each token, one that was verified before too: so that keys get fresh even then. */
  @Override
  public long generation() {
    if (keys != null && Duration.between(fetchedAt, clock.instant()).compareTo(FRESH) > 0) {
      refresh();
    }
    return generation.get();
  }

  /** Says how they are fetched. */
  public static final class Builder {

    private final URI location;
    private final @Nullable String discovered;
    private final Set<JwsAlgorithm> allowed = new LinkedHashSet<>();
    private final Set<String> hosts = new LinkedHashSet<>();
    private HttpsFetch fetch = new HttpsFetch(false, null);
    private InstantSource clock = InstantSource.system();
    private Executor executor = task -> HttpsFetch.start(task);
    private boolean plainLoopback;
    private @Nullable SSLContext tls;
    private Duration timeout = HttpsFetch.TIMEOUT;

    private Builder(URI location, @Nullable String discovered) {
      this.location = location;
      this.discovered = discovered;
      if (location.getHost() != null) {
        hosts.add(location.getHost());
      }
    }

    /**
     * Algorithms for keys that name none, and those that keys may name; any asymmetric, unless
     * said.
     */
    public Builder allow(JwsAlgorithm... algorithms) {
      allowed.addAll(List.of(algorithms));
      return this;
    }

    /** A host on which a discovery document may say that the keys are; its own is allowed. */
    public Builder allowHost(String host) {
      hosts.add(host);
      return this;
    }

    /** That {@code http} will do on loopback, for development. */
    public Builder allowPlainLoopback() {
      plainLoopback = true;
      return this;
    }

    /** Whom to trust; the JDK's authorities, unless said. */
    public Builder tls(SSLContext context) {
      tls = context;
      return this;
    }

    /** How long the issuer may take for a whole answer; 4 seconds, unless said. */
    Builder timeout(Duration timeout) {
      this.timeout = timeout;
      return this;
    }

    /** What time it is; the system's, unless said. */
    Builder clock(InstantSource clock) {
      this.clock = clock;
      return this;
    }

    /**
     * Makes it. Nothing is fetched before the first token comes.
     *
     * @throws IllegalArgumentException if the address is not https
     */
    public RemoteKeySet build() {
      fetch = new HttpsFetch(plainLoopback, tls, timeout);
      fetch.check(location);
      return new RemoteKeySet(this);
    }
  }
}

package io.restpipe.security;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an HTTP caller presents to be known by. Immutable. Nothing of it is logged; {@link
 * #toString} says only which sorts there are.
 *
 * <p>Where a token in a cookie is accepted, the gateway itself sees to it that no page of another
 * site makes use of it: a request with an unsafe method needs the header {@link #CSRF_HEADER} with
 * the value of the cookie {@link #CSRF_COOKIE}, or the browser's own word that it comes from the
 * same site.
 */
public final class Credentials {

  /** The cookie whose value a page repeats in {@link #CSRF_HEADER}; readable by scripts. */
  public static final String CSRF_COOKIE = "restpipe_csrf";

  /** The header that says what {@link #CSRF_COOKIE} is. */
  public static final String CSRF_HEADER = "X-CSRF-Token";

  private static final Credentials NONE = builder().build();

  private final @Nullable String authorization;
  private final Map<String, String> cookies;
  private final List<X509Certificate> certificates;
  private final @Nullable InetAddress address;
  private final boolean secure;

  private Credentials(Builder builder) {
    this.authorization = builder.authorization;
    this.cookies = Collections.unmodifiableMap(new LinkedHashMap<>(builder.cookies));
    this.certificates = List.copyOf(builder.certificates);
    this.address = builder.address;
    this.secure = builder.secure;
  }

  /** Nothing at all. */
  public static Credentials none() {
    return NONE;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The Authorization header as it came (RFC 9110 section 11.6.2); a request has one at most. */
  public Optional<String> authorization() {
    return Optional.ofNullable(authorization);
  }

  /** The value of a cookie; the first where there are several of one name. */
  public Optional<String> cookie(String name) {
    return Optional.ofNullable(cookies.get(name));
  }

  /** The caller's chain, its own first, verified; empty where it showed none. */
  public List<X509Certificate> certificates() {
    return certificates;
  }

  /** Where the caller is, seen past trusted proxies; absent on a Unix domain socket. */
  public Optional<InetAddress> address() {
    return Optional.ofNullable(address);
  }

  /** Whether what was presented came over TLS, or did not leave the machine. */
  public boolean secure() {
    return secure;
  }

  @Override
  public String toString() {
    return "Credentials"
        + (authorization == null ? "" : " authorization")
        + (cookies.isEmpty() ? "" : " cookies")
        + (certificates.isEmpty() ? "" : " certificate");
  }

  /** Collects them. Not thread-safe. */
  public static final class Builder {

    private @Nullable String authorization;
    private Map<String, String> cookies = Map.of();
    private List<X509Certificate> certificates = List.of();
    private @Nullable InetAddress address;
    private boolean secure;

    private Builder() {}

    /** Default: none. */
    public Builder authorization(@Nullable String authorization) {
      this.authorization = authorization;
      return this;
    }

    /** Default: none. */
    public Builder cookies(Map<String, String> cookies) {
      this.cookies = cookies;
      return this;
    }

    /** Verified, the caller's own first. Default: none. */
    public Builder certificates(List<X509Certificate> certificates) {
      this.certificates = certificates;
      return this;
    }

    /** Default: none. */
    public Builder address(@Nullable InetAddress address) {
      this.address = address;
      return this;
    }

    /** Default: no. */
    public Builder secure(boolean secure) {
      this.secure = secure;
      return this;
    }

    public Credentials build() {
      return new Credentials(this);
    }
  }
}

package io.restpipe.auth.password;

import io.restpipe.config.Secret;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Where an LDAP directory is and how users are found in it. Either a template says what a user's DN
 * is, and whoever logs in binds as that; or an account of our own searches for the user first.
 */
public final class LdapSettings {

  private final List<URI> servers;
  private final @Nullable String dnTemplate;
  private final String base;
  private final String filter;
  private final @Nullable String bindDn;
  private final @Nullable Secret bindPassword;
  private final String nameAttribute;
  private final String mailAttribute;
  private final @Nullable String memberOf;
  private final @Nullable String groupBase;
  private final String groupFilter;
  private final Map<String, String> roles;
  private final boolean startTls;
  private final boolean allowPlain;
  private final @Nullable SSLSocketFactory tls;

  private LdapSettings(Builder builder) {
    this.servers = List.copyOf(builder.servers);
    this.dnTemplate = builder.dnTemplate;
    this.base = builder.base;
    this.filter = builder.filter;
    this.bindDn = builder.bindDn;
    this.bindPassword = builder.bindPassword;
    this.nameAttribute = builder.nameAttribute;
    this.mailAttribute = builder.mailAttribute;
    this.memberOf = builder.memberOf;
    this.groupBase = builder.groupBase;
    this.groupFilter = builder.groupFilter;
    this.roles = Map.copyOf(builder.roles);
    this.startTls = builder.startTls;
    this.allowPlain = builder.allowPlain;
    this.tls = builder.tls;
  }

  /** A directory on these servers, tried in order: {@code ldaps://HOST:PORT} or {@code ldap://}. */
  public static Builder on(URI... servers) {
    return new Builder(List.of(servers));
  }

  List<URI> servers() {
    return servers;
  }

  @Nullable String dnTemplate() {
    return dnTemplate;
  }

  String base() {
    return base;
  }

  String filter() {
    return filter;
  }

  @Nullable String bindDn() {
    return bindDn;
  }

  @Nullable Secret bindPassword() {
    return bindPassword;
  }

  String nameAttribute() {
    return nameAttribute;
  }

  String mailAttribute() {
    return mailAttribute;
  }

  @Nullable String memberOf() {
    return memberOf;
  }

  @Nullable String groupBase() {
    return groupBase;
  }

  String groupFilter() {
    return groupFilter;
  }

  Map<String, String> roles() {
    return roles;
  }

  boolean startTls() {
    return startTls;
  }

  boolean allowPlain() {
    return allowPlain;
  }

  @Nullable SSLSocketFactory tls() {
    return tls;
  }

  /** Says how users are found. */
  public static final class Builder {

    private final List<URI> servers;
    private @Nullable String dnTemplate;
    private String base = "";
    private String filter = "(uid={login})";
    private @Nullable String bindDn;
    private @Nullable Secret bindPassword;
    private String nameAttribute = "uid";
    private String mailAttribute = "mail";
    private @Nullable String memberOf = "memberOf";
    private @Nullable String groupBase;
    private String groupFilter = "(|(member={dn})(uniqueMember={dn})(memberUid={login}))";
    private Map<String, String> roles = Map.of();
    private boolean startTls;
    private boolean allowPlain;
    private @Nullable SSLSocketFactory tls;

    private Builder(List<URI> servers) {
      this.servers = servers;
    }

    /** Bind as the user: {@code uid={login},ou=people,dc=example,dc=org}. */
    public Builder dnTemplate(String template) {
      this.dnTemplate = Objects.requireNonNull(template);
      return this;
    }

    /** Search for the user below this, with this filter, in which {@code {login}} is the name. */
    public Builder search(String base, String filter) {
      this.base = base;
      this.filter = filter;
      return this;
    }

    /** The account that searches; unless said, nobody in particular. */
    public Builder bind(String dn, Secret password) {
      this.bindDn = dn;
      this.bindPassword = password;
      return this;
    }

    /** The attributes with a user's name and e-mail address; {@code uid} and {@code mail}. */
    public Builder attributes(String name, String mail) {
      this.nameAttribute = name;
      this.mailAttribute = mail;
      return this;
    }

    /**
     * A user's attribute with the DNs of its groups; {@code memberOf} unless said, null for none.
     */
    public Builder memberOf(@Nullable String attribute) {
      this.memberOf = attribute;
      return this;
    }

    /** Search for groups below this, too; {@code {dn}} and {@code {login}} are the user's. */
    public Builder groups(String base, String filter) {
      this.groupBase = base;
      this.groupFilter = filter;
      return this;
    }

    /** Which role a group gives: its DN, or its first name ({@code cn}) alone. Others give none. */
    public Builder roles(Map<String, String> roleOfGroup) {
      this.roles = roleOfGroup;
      return this;
    }

    /** Turns {@code ldap://} into TLS before anything is said. */
    public Builder startTls(boolean startTls) {
      this.startTls = startTls;
      return this;
    }

    /** That passwords may cross a network in the clear; on loopback they may anyway. */
    public Builder allowPlain(boolean allow) {
      this.allowPlain = allow;
      return this;
    }

    /** Whom to trust; the JDK's authorities, unless said. */
    public Builder tls(SSLSocketFactory factory) {
      this.tls = factory;
      return this;
    }

    /**
     * As {@link #tls}, trusting these authorities and no others.
     *
     * @throws IllegalArgumentException if they can't be used
     */
    public Builder trust(List<X509Certificate> authorities) {
      try {
        KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
        anchors.load(null, null);
        for (X509Certificate authority : authorities) {
          anchors.setCertificateEntry("authority" + anchors.size(), authority);
        }
        var managers = TrustManagerFactory.getInstance("PKIX");
        managers.init(anchors);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return tls(context.getSocketFactory());
      } catch (GeneralSecurityException | IOException e) {
        throw new IllegalArgumentException("the authorities can't be used", e);
      }
    }

    /**
     * Makes it.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    public LdapSettings build() {
      if (servers.isEmpty()) {
        throw new IllegalArgumentException("no server");
      }
      if (dnTemplate == null && base.isEmpty()) {
        throw new IllegalArgumentException("a DN template or a base to search below is needed");
      }
      if (dnTemplate != null && !dnTemplate.contains("{login}")) {
        throw new IllegalArgumentException("the DN template has no {login} in it: " + dnTemplate);
      }
      if (dnTemplate == null && !filter.contains("{login}")) {
        throw new IllegalArgumentException("the filter has no {login} in it: " + filter);
      }
      for (URI server : servers) {
        check(server);
      }
      return new LdapSettings(this);
    }

    private void check(URI server) {
      boolean plain = "ldap".equals(server.getScheme());
      if (server.getHost() == null || !(plain || "ldaps".equals(server.getScheme()))) {
        throw new IllegalArgumentException(
            "must be ldaps://HOST:PORT or ldap://HOST:PORT: " + server);
      }
      boolean local = List.of("localhost", "127.0.0.1", "[::1]").contains(server.getHost());
      if (plain && !startTls && !allowPlain && !local) {
        throw new IllegalArgumentException(
            server
                + " would carry passwords in the clear; use ldaps://, or StartTLS, or allow it in so"
                + " many words");
      }
    }
  }
}

package io.restpipe.auth.password;

import com.unboundid.ldap.sdk.BindRequest;
import com.unboundid.ldap.sdk.FailoverServerSet;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPConnectionPool;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.PostConnectProcessor;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.SingleServerSet;
import com.unboundid.ldap.sdk.StartTLSPostConnectProcessor;
import com.unboundid.util.ssl.HostNameSSLSocketVerifier;
import com.unboundid.util.ssl.JVMDefaultTrustManager;
import com.unboundid.util.ssl.SSLUtil;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Connections to a directory, made when they are needed and tried on each server in order. */
final class LdapPool {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration OLDEST = Duration.ofMinutes(10);
  private static final int CONNECTIONS = 8;

  private LdapPool() {}

  static LDAPConnectionPool open(LdapSettings settings) {
    try {
      BindRequest bind = bind(settings);
      SSLSocketFactory tls = settings.tls() == null ? trustingTheJdk() : settings.tls();
      PostConnectProcessor startTls =
          settings.startTls() ? new StartTLSPostConnectProcessor(tls) : null;
      List<SingleServerSet> servers = new ArrayList<>();
      for (URI server : settings.servers()) {
        servers.add(server(server, tls, bind, startTls));
      }
      var failover = new FailoverServerSet(servers.toArray(SingleServerSet[]::new));
      // The servers bind and start TLS themselves; none is connected to before it is needed.
      var pool = new LDAPConnectionPool(failover, bind, 0, CONNECTIONS, null, false);
      pool.setConnectionPoolName("users");
      pool.setCreateIfNecessary(true);
      pool.setMaxWaitTimeMillis(CONNECT_TIMEOUT.toMillis());
      pool.setMaxConnectionAgeMillis(OLDEST.toMillis());
      pool.setRetryFailedOperationsDueToInvalidConnections(true);
      return pool;
    } catch (LDAPException | GeneralSecurityException e) {
      throw new IllegalStateException("the pool of connections can't be made", e);
    }
  }

  private static @Nullable BindRequest bind(LdapSettings settings) {
    return settings.bindDn() == null || settings.bindPassword() == null
        ? null
        : new SimpleBindRequest(settings.bindDn(), settings.bindPassword().reveal());
  }

  private static SingleServerSet server(
      URI server,
      SSLSocketFactory tls,
      @Nullable BindRequest bind,
      @Nullable PostConnectProcessor startTls) {
    boolean isTls = "ldaps".equals(server.getScheme());
    int port = server.getPort() > 0 ? server.getPort() : isTls ? 636 : 389;
    SocketFactory sockets = isTls ? tls : SocketFactory.getDefault();
    return new SingleServerSet(server.getHost(), port, sockets, options(), bind, startTls);
  }

  private static LDAPConnectionOptions options() {
    var options = new LDAPConnectionOptions();
    options.setConnectTimeoutMillis((int) CONNECT_TIMEOUT.toMillis());
    options.setResponseTimeoutMillis(RESPONSE_TIMEOUT.toMillis());
    options.setFollowReferrals(false);
    options.setUseKeepAlive(true);
    options.setBindWithDNRequiresPassword(true);
    // Whose name the certificate must have: the SDK leaves that out unless told.
    options.setSSLSocketVerifier(new HostNameSSLSocketVerifier(false));
    return options;
  }

  private static SSLSocketFactory trustingTheJdk() throws GeneralSecurityException {
    return new SSLUtil(JVMDefaultTrustManager.getInstance()).createSSLSocketFactory();
  }
}

package io.restpipe.pipe.internal.tls;

import io.restpipe.security.NodeRole;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Decides whether a peer's certificate is accepted. The JDK's PKIX validation decides (chain,
 * dates, usage, and the host name of a server); this only refuses more, and says why in words.
 */
final class PeerVerifier extends X509ExtendedTrustManager {

  private final X509ExtendedTrustManager pkix;
  private final NodeRole peer;

  PeerVerifier(List<X509Certificate> trustAnchors, NodeRole peer) {
    this.pkix = pkix(trustAnchors);
    this.peer = peer;
  }

  private static X509ExtendedTrustManager pkix(List<X509Certificate> trustAnchors) {
    try {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (int i = 0; i < trustAnchors.size(); i++) {
        store.setCertificateEntry("anchor-" + i, trustAnchors.get(i));
      }
      var factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager extended) {
          return extended;
        }
      }
      throw new IllegalStateException("this JDK has no PKIX trust manager");
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("trust anchors could not be loaded", e);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    try {
      chain[0].checkValidity();
      pkix.checkClientTrusted(chain, authType, engine);
    } catch (CertificateException e) {
      throw explained(chain, e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    try {
      chain[0].checkValidity();
      pkix.checkServerTrusted(chain, authType, engine);
    } catch (CertificateException e) {
      throw explained(chain, e);
    }
  }

  private CertificateException explained(X509Certificate[] chain, CertificateException e) {
    return new PeerCertificateException(
        "%s certificate is refused (%s): %s"
            .formatted(peer, chain[0].getSubjectX500Principal().getName(), e.getMessage()),
        e);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw onlyEngines();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw onlyEngines();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw onlyEngines();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw onlyEngines();
  }

  /** Without the engine the host name could not be checked. */
  private static CertificateException onlyEngines() {
    return new CertificateException("a certificate is checked only as part of a connection");
  }

  /**
   * None: a hint of the authorities that a peer may choose its certificate by. With the hint, a
   * peer of another authority would send no certificate, and could not be told why it is refused.
   */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}

package io.restpipe.cli;

import io.restpipe.security.Identity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Looks at a server from outside: what it shows, and whether it lets us in. */
final class TlsProbe {

  private static final int PATIENCE_MILLIS = 10_000;
  private static final int MOST_BYTES = 4_096;
  private static final String CHECK = "restpipe-check/1";

  private final InetSocketAddress address;
  private final String host;

  TlsProbe(InetSocketAddress address, String host) {
    this.address = address;
    this.host = host;
  }

  /**
   * The chain that the server shows. The handshake is broken off there: nothing is trusted, and
   * nothing is said.
   *
   * @throws IOException if it shows none
   */
  List<X509Certificate> shown() throws IOException {
    var recorder = new Recorder();
    try (SSLSocket socket = connect(new KeyManager[0], recorder)) {
      socket.startHandshake();
    } catch (IOException brokenOff) {
      if (recorder.chain == null) {
        throw brokenOff;
      }
    }
    List<X509Certificate> chain = recorder.chain;
    return chain == null ? List.of() : chain;
  }

  /**
   * The server must be of our authority; for which host it is has been looked at before. Asks to be
   * let in, and gives what the server then says: a line of JSON, empty from a server that does not
   * know the question.
   *
   * @throws IOException if it does not let us in
   */
  String admitted(Identity identity) throws IOException {
    try (SSLSocket socket = connect(keys(identity), trust(identity))) {
      socket.startHandshake();
      if (!CHECK.equals(socket.getApplicationProtocol())) {
        return ""; // RestPipe 0.2.11: it names no protocol, and would wait for ours.
      }
      return new String(socket.getInputStream().readNBytes(MOST_BYTES), StandardCharsets.UTF_8)
          .strip();
    }
  }

  private SSLSocket connect(KeyManager[] keys, TrustManager trust) throws IOException {
    var plain = new Socket();
    try {
      plain.connect(address, PATIENCE_MILLIS);
      plain.setSoTimeout(PATIENCE_MILLIS);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, new TrustManager[] {trust}, null);
      var socket =
          (SSLSocket) context.getSocketFactory().createSocket(plain, host, address.getPort(), true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
      parameters.setApplicationProtocols(new String[] {CHECK});
      socket.setSSLParameters(parameters);
      return socket;
    } catch (GeneralSecurityException e) {
      plain.close();
      throw new IOException("this JDK can't do TLS: " + e.getMessage(), e);
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  private static KeyManager[] keys(Identity identity) throws IOException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "key",
          identity.privateKey(),
          new char[0],
          identity.chain().toArray(X509Certificate[]::new));
      var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, new char[0]);
      return factory.getKeyManagers();
    } catch (GeneralSecurityException e) {
      throw new IOException("the key can't be used for TLS: " + e.getMessage(), e);
    }
  }

  private static TrustManager trust(Identity identity) throws IOException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      int number = 0;
      for (X509Certificate anchor : identity.trustAnchors()) {
        store.setCertificateEntry("anchor-" + number++, anchor);
      }
      var factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      return factory.getTrustManagers()[0];
    } catch (GeneralSecurityException e) {
      throw new IOException("the authorities can't be used: " + e.getMessage(), e);
    }
  }

  /** Keeps what a server shows, and trusts none. */
  private static final class Recorder extends X509ExtendedTrustManager {

    private @Nullable List<X509Certificate> chain;

    private CertificateException seen(X509Certificate[] shown) {
      chain = List.of(shown);
      return new CertificateException("seen enough");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String authType, Socket socket)
        throws CertificateException {
      throw seen(shown);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String authType, SSLEngine engine)
        throws CertificateException {
      throw seen(shown);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String authType)
        throws CertificateException {
      throw seen(shown);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] shown, String authType, Socket socket)
        throws CertificateException {
      throw seen(shown);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] shown, String authType, SSLEngine engine)
        throws CertificateException {
      throw seen(shown);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] shown, String authType)
        throws CertificateException {
      throw seen(shown);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}

package io.restpipe.cli;

import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.security.Identity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A client of the pipe's port that writes whatever a test wants over real TLS. */
final class RawTls implements AutoCloseable {

  private final SSLSocket socket;

  /** Connects; without an identity it shows no certificate. */
  RawTls(int port, @Nullable Identity identity, CertificateAuthority trusted)
      throws IOException, GeneralSecurityException {
    this(port, "restpipe/2", identity, trusted);
  }

  RawTls(int port, String protocol, @Nullable Identity identity, CertificateAuthority trusted)
      throws IOException, GeneralSecurityException {
    socket = (SSLSocket) context(identity, trusted).getSocketFactory().createSocket();
    socket.connect(new InetSocketAddress("127.0.0.1", port), 10_000);
    socket.setSoTimeout(20_000);
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {protocol});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
  }

  private static SSLContext context(@Nullable Identity identity, CertificateAuthority trusted)
      throws IOException, GeneralSecurityException {
    KeyStore trust = empty();
    trust.setCertificateEntry("ca", trusted.certificate());
    var trusts = TrustManagerFactory.getInstance("PKIX");
    trusts.init(trust);
    var context = SSLContext.getInstance("TLS");
    context.init(identity == null ? null : keys(identity), trusts.getTrustManagers(), null);
    return context;
  }

  private static KeyManager[] keys(Identity identity) throws IOException, GeneralSecurityException {
    KeyStore own = empty();
    own.setKeyEntry(
        "own",
        identity.privateKey(),
        new char[0],
        identity.chain().toArray(X509Certificate[]::new));
    var keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(own, new char[0]);
    return keys.getKeyManagers();
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, new char[0]);
    return store;
  }

  void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** Says that no more comes. */
  void end() throws IOException {
    socket.shutdownOutput();
  }

  /** Takes what comes until the server hangs up. */
  byte[] readToEnd() throws IOException {
    return socket.getInputStream().readAllBytes();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

package io.restpipe.node;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.restpipe.security.Identity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A client that writes whatever a test wants over real TLS. */
final class RawClient implements AutoCloseable {

  private final SSLSocket socket;

  /** Connects; without an identity it shows no certificate. */
  RawClient(InetSocketAddress server, @Nullable Identity identity, Identity trusting)
      throws IOException, GeneralSecurityException {
    socket = (SSLSocket) context(identity, trusting).getSocketFactory().createSocket();
    socket.connect(new InetSocketAddress("127.0.0.1", server.getPort()), 10_000);
    socket.setSoTimeout(20_000);
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"restpipe/2"});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
  }

  private static SSLContext context(@Nullable Identity identity, Identity trusting)
      throws IOException, GeneralSecurityException {
    var trust = KeyStore.getInstance(KeyStore.getDefaultType());
    trust.load(null, null);
    trust.setCertificateEntry("ca", trusting.trustAnchors().get(0));
    var trusts = TrustManagerFactory.getInstance("PKIX");
    trusts.init(trust);
    var context = SSLContext.getInstance("TLS");
    if (identity == null) {
      context.init(null, trusts.getTrustManagers(), null);
      return context;
    }
    var own = KeyStore.getInstance(KeyStore.getDefaultType());
    own.load(null, null);
    own.setKeyEntry(
        "own",
        identity.privateKey(),
        new char[0],
        identity.chain().toArray(X509Certificate[]::new));
    var keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(own, new char[0]);
    context.init(keys.getKeyManagers(), trusts.getTrustManagers(), null);
    return context;
  }

  void write(Consumer<ByteBuf> frames) throws IOException {
    ByteBuf out = Unpooled.buffer();
    frames.accept(out);
    var bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** Waits for something to come from the server, or for the end. */
  int read() throws IOException {
    return socket.getInputStream().read(new byte[16 * 1024]);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

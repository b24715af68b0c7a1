package io.restpipe.pipe.internal.enroll;

import io.restpipe.pipe.internal.tls.TlsContexts;
import io.restpipe.security.CertificateCheck;
import io.restpipe.security.CertificateProblem;
import io.restpipe.security.CertificateRequest;
import io.restpipe.security.EnrollmentException;
import io.restpipe.security.Identity;
import io.restpipe.security.IssuedCertificate;
import io.restpipe.security.JoinLine;
import io.restpipe.security.NodeRole;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** The joining end of {@code restpipe-join/1}. Blocks. */
public final class JoinClient {

  private final JoinLine line;
  private final Duration timeout;

  public JoinClient(JoinLine line, Duration timeout) {
    this.line = line;
    this.timeout = timeout;
  }

  /**
   * Makes a key, and gets a certificate for it.
   *
   * @throws EnrollmentException if the server refuses
   * @throws IOException with a sentence, if there is no server, or it is not the token's
   */
  public Identity join() throws EnrollmentException, IOException {
    CertificateRequest request = CertificateRequest.make();
    IssuedCertificate issued = Messages.issued(ask(Messages.join(line.token(), request.encoded())));
    return identity(request, issued);
  }

  private static Identity identity(CertificateRequest request, IssuedCertificate issued)
      throws IOException {
    if (!Identity.fits(request.privateKey(), issued.certificate().getPublicKey())) {
      throw new IOException("the server gave a certificate for another key");
    }
    List<CertificateProblem> problems =
        new CertificateCheck(issued.trustAnchors(), NodeRole.CLIENT, Instant.now())
            .problems(issued.chain());
    if (!problems.isEmpty()) {
      throw new IOException(
          "the server gave a certificate that can't be used: it " + problems.get(0).what());
    }
    return new Identity(request.privateKey(), issued.chain(), issued.trustAnchors());
  }

  private byte[] ask(byte[] message) throws IOException {
    String place = line.host() + ":" + line.port();
    var trust = new FingerprintTrust(line);
    long started = System.nanoTime();
    try (Socket plain = new Socket()) {
      Executor late = CompletableFuture.delayedExecutor(timeout.toMillis(), TimeUnit.MILLISECONDS);
      late.execute(() -> closeQuietly(plain));
      plain.connect(new InetSocketAddress(line.host(), line.port()), (int) timeout.toMillis());
      plain.setSoTimeout((int) timeout.toMillis());
      try (SSLSocket socket = secure(plain, trust)) {
        return exchange(socket, message);
      }
    } catch (UnknownHostException e) {
      throw new IOException(
          "cannot find the host " + line.host() + ": check the name and the resolver", e);
    } catch (SocketTimeoutException e) {
      throw tooLate(place, e);
    } catch (ConnectException e) {
      throw new IOException(
          "cannot connect to " + place + ": " + e.getMessage() + "; is rp-server running there?",
          e);
    } catch (SSLException e) {
      throw System.nanoTime() - started >= timeout.toNanos()
          ? tooLate(place, e)
          : new IOException(explained(place, trust, e), e);
    } catch (EOFException e) {
      throw new IOException(place + " ended the connection without an answer", e);
    } catch (SocketException e) {
      // Closed by the time, or by the other end.
      throw System.nanoTime() - started >= timeout.toNanos()
          ? tooLate(place, e)
          : new IOException(place + " broke the connection off: " + e.getMessage(), e);
    }
  }

  private IOException tooLate(String place, IOException cause) {
    return new IOException(
        "no answer from " + place + " within " + timeout.toSeconds() + " seconds", cause);
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException closed) {
      // It is over either way.
    }
  }

  private SSLSocket secure(Socket plain, FingerprintTrust trust) throws IOException {
    SSLContext context;
    try {
      context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {trust}, null);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no TLS", e);
    }
    var socket =
        (SSLSocket) context.getSocketFactory().createSocket(plain, line.host(), line.port(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    parameters.setApplicationProtocols(new String[] {TlsContexts.JOIN});
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    if (!TlsContexts.JOIN.equals(socket.getApplicationProtocol())) {
      throw new SSLException("another protocol");
    }
    return socket;
  }

  private static byte[] exchange(SSLSocket socket, byte[] message) throws IOException {
    var out = new DataOutputStream(socket.getOutputStream());
    out.writeInt(message.length);
    out.write(message);
    out.flush();
    var in = new DataInputStream(socket.getInputStream());
    int length = in.readInt();
    if (length < 0 || length > Messages.MAX_BYTES) {
      throw new IOException("the server's answer is too long: " + length + " bytes");
    }
    var answer = new byte[length];
    in.readFully(answer);
    return answer;
  }

  private static String explained(String place, FingerprintTrust trust, SSLException e) {
    String refused = trust.refused();
    if (refused != null) {
      return place + " is not trusted: " + refused;
    }
    String message = String.valueOf(e.getMessage());
    if (message.contains("no_application_protocol") || message.contains("another protocol")) {
      return place
          + " lets nobody join: the server holds no authority, or is of an older version; start it"
          + " with the authority that made the token";
    }
    if (message.contains("Unsupported or unrecognized SSL message")) {
      return place + " is no RestPipe server: it does not speak TLS";
    }
    return "no secure connection to " + place + ": " + message;
  }
}

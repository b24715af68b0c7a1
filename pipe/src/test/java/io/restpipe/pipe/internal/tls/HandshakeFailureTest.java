package io.restpipe.pipe.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.restpipe.pipe.internal.tls.HandshakeFailure.Kind;
import io.restpipe.security.NodeRole;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandshakeFailureTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Received fatal alert: certificate_expired                      | CERTIFICATE  | server refuses our certificate: it has expired
          error:10000415:SSL routines:OPENSSL_internal:SSLV3_ALERT_CERTIFICATE_EXPIRED | CERTIFICATE | server refuses our certificate: it has expired
          (certificate_revoked) Received fatal alert: certificate_revoked | CERTIFICATE | server refuses our certificate: it has been revoked
          error:10000418:SSL routines:OPENSSL_internal:TLSV1_ALERT_UNKNOWN_CA | CERTIFICATE | server refuses our certificate: it does not know the authority that signed it
          Received fatal alert: unsupported_certificate                  | CERTIFICATE  | server refuses our certificate: it is for another use
          error:1000045c:SSL routines:OPENSSL_internal:TLSV1_ALERT_CERTIFICATE_REQUIRED | CERTIFICATE | server demands a certificate and got none
          Received fatal alert: protocol_version                         | INCOMPATIBLE | server speaks neither TLS 1.3 nor TLS 1.2
          error:10000410:SSL routines:OPENSSL_internal:SSLV3_ALERT_HANDSHAKE_FAILURE | INCOMPATIBLE | server found no common way to secure the connection (handshake_failure)
          Received fatal alert: no_application_protocol                  | INCOMPATIBLE | server does not speak restpipe/2
          Received fatal alert: decode_error                             | INCOMPATIBLE | server ended the TLS handshake with the alert decode_error
          error:100000f0:SSL routines:OPENSSL_internal:UNSUPPORTED_PROTOCOL | INCOMPATIBLE | server speaks neither TLS 1.3 nor TLS 1.2
          Client requested protocol TLSv1.1 is not enabled or supported in server context | INCOMPATIBLE | server speaks neither TLS 1.3 nor TLS 1.2
          no cipher suites in common                                     | INCOMPATIBLE | no common way to secure the connection with the server
          Received fatal alert: internal_error                           | NETWORK      | server gave the TLS handshake up (internal_error)
          """)
  void an_alert_says_what_to_do(String message, Kind kind, String sentence) {
    var failure = new DecoderException(new SSLHandshakeException(message));

    assertThat(HandshakeFailure.of(failure, NodeRole.SERVER))
        .isEqualTo(new HandshakeFailure(kind, sentence));
  }

  @Test
  void an_alert_that_may_mean_several_things_names_them() {
    var failure = new SSLException("Received fatal alert: certificate_unknown");

    assertThat(HandshakeFailure.of(failure, NodeRole.SERVER))
        .isEqualTo(
            new HandshakeFailure(
                Kind.CERTIFICATE,
                "server refuses our certificate (certificate_unknown): expired, revoked, of another"
                    + " authority, for another use, or for another host name; its log says which"));
  }

  @Test
  void what_is_no_tls_is_incompatible() {
    assertThat(HandshakeFailure.of(new NotSslRecordException("not..."), NodeRole.SERVER))
        .isEqualTo(
            new HandshakeFailure(
                Kind.INCOMPATIBLE, "not a TLS server: what came first is no TLS record"));
  }

  @Test
  void what_the_network_does_is_worth_another_try() {
    assertThat(HandshakeFailure.of(new ConnectException("Connection refused"), NodeRole.SERVER))
        .isEqualTo(
            new HandshakeFailure(Kind.NETWORK, "no connection to the server: Connection refused"));
    assertThat(HandshakeFailure.of(new UnknownHostException("hub"), NodeRole.SERVER))
        .isEqualTo(new HandshakeFailure(Kind.NETWORK, "the server's host name is not known: hub"));
    assertThat(HandshakeFailure.of(new IOException("Connection reset"), NodeRole.CLIENT))
        .isEqualTo(
            new HandshakeFailure(
                Kind.NETWORK, "connection to the client failed: Connection reset"));
    assertThat(HandshakeFailure.of(new ClosedChannelException(), NodeRole.CLIENT).kind())
        .isEqualTo(Kind.NETWORK);
  }

  @Test
  void what_a_peer_sends_can_not_break_the_log() {
    var failure = new SSLException("odd\r\n2026-11-21 ERROR forged \u001b[31m" + "x".repeat(9000));

    String sentence = HandshakeFailure.of(failure, NodeRole.CLIENT).sentence();

    assertThat(sentence).matches("[ -~]{1,410}").contains("odd??2026");
  }

  @Test
  void a_ring_of_causes_has_an_end() {
    var outer = new IOException("outer");
    outer.initCause(new IOException("inner", outer));

    assertThat(HandshakeFailure.of(outer, NodeRole.SERVER).kind()).isEqualTo(Kind.NETWORK);
  }
}

package io.restpipe.cef;

import io.restpipe.security.Identity;
import io.restpipe.security.IdentityException;
import io.restpipe.security.Pem;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The PEM files of a TLS connection to a collector.
 *
 * @param authorities whom to trust; null for those that Java trusts
 * @param certificate our certificate, then its intermediates; null for none
 * @param key its key; null for none
 */
record TlsFiles(@Nullable Path authorities, @Nullable Path certificate, @Nullable Path key) {

  /**
   * Reads the files.
   *
   * @throws IdentityException if one can't be read or holds something else
   */
  SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(), trust(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IdentityException("the files for TLS do not fit together: " + e.getMessage());
    }
  }

  private TrustManager @Nullable [] trust() throws GeneralSecurityException, IOException {
    if (authorities == null) {
      return null;
    }
    KeyStore store = emptyStore();
    int number = 0;
    for (X509Certificate authority : Pem.readCertificates(authorities)) {
      store.setCertificateEntry("authority" + number++, authority);
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private KeyManager @Nullable [] keys() throws GeneralSecurityException, IOException {
    if (certificate == null || key == null) {
      return null;
    }
    KeyStore store = emptyStore();
    char[] none = new char[0];
    Certificate[] chain = Pem.readCertificates(certificate).toArray(new Certificate[0]);
    PrivateKey ours = Pem.readPrivateKey(key);
    if (!Identity.fits(ours, chain[0].getPublicKey())) {
      throw new IdentityException(
          key
              + ": does not fit the first certificate in "
              + certificate
              + "; give the key of that");
    }
    store.setKeyEntry("client", ours, none, chain);
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, none);
    return factory.getKeyManagers();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, new char[0]);
    return store;
  }
}

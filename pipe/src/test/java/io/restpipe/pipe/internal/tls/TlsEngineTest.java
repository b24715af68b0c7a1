package io.restpipe.pipe.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.restpipe.auth.identity.AuthorityOptions;
import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.auth.identity.KeyAlgorithm;
import io.restpipe.security.Identity;
import io.restpipe.security.NodeRole;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TlsEngineTest {

  @TempDir private Path folder;

  @Test
  void the_native_one_is_preferred_where_it_loads() {
    assumeThat(TlsEngine.NATIVE.isAvailable()).isTrue();

    assertThat(TlsEngine.named(null)).isEqualTo(TlsEngine.NATIVE);
    assertThat(TlsEngine.named("")).isEqualTo(TlsEngine.NATIVE);
  }

  @Test
  void either_can_be_forced() {
    assertThat(TlsEngine.named("jdk")).isEqualTo(TlsEngine.JDK);
    assumeThat(TlsEngine.NATIVE.isAvailable()).isTrue();
    assertThat(TlsEngine.named("Native")).isEqualTo(TlsEngine.NATIVE);
  }

  @Test
  void ed25519_gets_the_engine_that_takes_it() throws IOException {
    var authority =
        CertificateAuthority.init(
            folder, AuthorityOptions.named("our CA").algorithm(KeyAlgorithm.ED25519));
    Identity edwards = authority.identity("hub", NodeRole.SERVER);
    Identity usual = CertificateAuthority.inMemory("our CA").identity("hub", NodeRole.SERVER);

    assertThat(TlsEngine.named(null, edwards)).isEqualTo(TlsEngine.JDK);
    assertThat(TlsEngine.named(null, usual)).isEqualTo(TlsEngine.named(null));
    assumeThat(TlsEngine.NATIVE.isAvailable()).isTrue();
    assertThat(TlsEngine.named("native", edwards)).isEqualTo(TlsEngine.NATIVE);
  }

  @Test
  void another_name_is_an_error() {
    assertThatThrownBy(() -> TlsEngine.named("openssl"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("restpipe.tls.engine = openssl: must be native or jdk");
  }

  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void each_says_what_it_is(TlsEngine engine) {
    assumeThat(engine.isAvailable()).isTrue();

    assertThat(engine.description()).startsWith(engine == TlsEngine.JDK ? "JDK " : "BoringSSL");
  }
}

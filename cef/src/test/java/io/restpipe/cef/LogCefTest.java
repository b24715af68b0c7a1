package io.restpipe.cef;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogCefTest {

  @TempDir Path folder;

  private record Request(
      @Nullable String method,
      @Nullable String path,
      @Nullable String remoteAddress,
      Map<String, String> headers)
      implements CefRequest {
    @Override
    public @Nullable String header(String name) {
      return headers.get(name);
    }
  }

  private static final CefRequest REQUEST =
      new Request(
          "GET",
          "/login",
          "192.0.2.7",
          Map.of(
              "User-Agent",
              "Mozilla=5",
              "Host",
              "example.org",
              "X-Forwarded-For",
              "203.0.113.9, 10.0.0.1"));

  private CefConfig config(Map<String, ?> more) {
    Map<String, Object> section =
        new LinkedHashMap<>(
            Map.of(
                "vendor", "example",
                "product", "shop",
                "device_version", "3",
                "file", folder.resolve("log").toString(),
                "file_prefix", false));
    section.putAll(more);
    return CefConfig.of(section);
  }

  private String logged() throws IOException {
    Cef.closeAll();
    return Files.readString(folder.resolve("log"));
  }

  @AfterEach
  void close() {
    Cef.closeAll();
  }

  @Test
  void writes_what_is_known_of_the_request_and_then_the_extras() throws IOException {
    Map<String, String> extras = new LinkedHashMap<>();
    extras.put("cs2Label", "why");
    extras.put("cs2", "Someone has stolen my chocolate");
    extras.put("msg", "a\nb");

    Cef.logCef("SecurityAlert!", 5, REQUEST, config(Map.of()), "ann", Cef.AUTH_FAIL, extras);

    assertThat(logged())
        .isEqualTo(
            "CEF:0|example|shop|3|AuthFail|SecurityAlert!|5|"
                + "cs1Label=requestClientApplication cs1=Mozilla\\=5 requestMethod=GET request=/login"
                + " src=192.0.2.7 dhost=example.org suser=ann"
                + " msg=a\\nb cs2Label=why cs2=Someone has stolen my chocolate\n");
  }

  @Test
  void orders_extras_by_length_then_key_whatever_the_order_of_the_map() {
    Map<String, String> extras = new LinkedHashMap<>();
    extras.put("zz", "12");
    extras.put("reason", "1");
    extras.put("msg", "123");
    extras.put("b", "12");
    extras.put("a", "12");

    CefEvent event = Cef.event("n", 5, REQUEST, config(Map.of()), null, null, extras);

    assertThat(event.extensions().keySet().stream().skip(7))
        .containsExactly("reason", "a", "b", "zz", "msg");
  }

  @Test
  void writes_none_for_what_is_absent_and_the_name_for_the_signature() throws IOException {
    var empty = new Request(null, null, null, Map.of());

    Cef.logCef("xx|x", 5, empty, config(Map.of()));

    assertThat(logged())
        .isEqualTo(
            "CEF:0|example|shop|3|xx\\|x|xx\\|x|5|cs1Label=requestClientApplication cs1=none"
                + " requestMethod=none request=none src=none dhost=none suser=none\n");
  }

  private String source(CefConfig config, CefRequest request) {
    return Cef.event("n", 5, request, config, null, null, Map.of()).text("src").orElseThrow();
  }

  @Test
  void believes_forwarded_addresses_of_trusted_proxies_only() {
    assertThat(source(config(Map.of()), REQUEST)).isEqualTo("192.0.2.7");
    assertThat(source(config(Map.of("trusted_proxies", "192.0.2.8 10.0.0.0/8")), REQUEST))
        .isEqualTo("192.0.2.7");
    assertThat(source(config(Map.of("trusted_proxies", "192.0.2.0/29")), REQUEST))
        .isEqualTo("203.0.113.9");

    var forged =
        new Request("GET", "/", "192.0.2.7", Map.of("X-Forwarded-For", "1\nsuser=root, 1.2.3.4"));
    assertThat(source(config(Map.of("trusted_proxies", "192.0.2.7")), forged))
        .isEqualTo("192.0.2.7");
    assertThat(source(config(Map.of()), new Request("GET", "/", "evil", Map.of())))
        .isEqualTo("none");
  }

  @Test
  void cleans_keys_and_never_writes_them_as_they_are() {
    Map<String, String> extras = new LinkedHashMap<>();
    extras.put("a b=c", "1");
    extras.put("ba\u0301d.key-x_1", "2");
    extras.put("= ", "3");

    CefEvent event = Cef.event("n", 5, REQUEST, config(Map.of()), null, null, extras);

    assertThat(event.extensions()).contains(entry("abc", "1"), entry("bad.key-x_1", "2"));
    assertThat(event.extensions()).hasSize(9);
  }

  @Test
  void keeps_records_to_1024_bytes_dropping_the_largest_extensions() throws IOException {
    var request =
        new Request(
            "GET", "/" + "x".repeat(900), "192.0.2.7", Map.of("User-Agent", "a".repeat(500)));

    Cef.logCef("n", 5, request, config(Map.of()), "ann", null, Map.of("msg", "m".repeat(400)));

    assertThat(logged())
        .isEqualTo(
            "CEF:0|example|shop|3|n|n|5|cs1Label=requestClientApplication cs1="
                + "a".repeat(500)
                + " requestMethod=GET src=192.0.2.7 dhost=none suser=ann msg="
                + "m".repeat(400)
                + "\n");
  }
}

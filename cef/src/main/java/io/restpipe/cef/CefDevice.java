package io.restpipe.cef;

/**
 * What made the event. No two products may share vendor and product.
 *
 * @param vendor at most 63 characters
 * @param product at most 63 characters
 * @param version at most 31 characters
 */
public record CefDevice(String vendor, String product, String version) {

  static final int MAX_NAME = 63;
  static final int MAX_VERSION = 31;

  /** Takes any length, as other producers write any; {@link CefEvent#builder} holds to the rule. */
  public CefDevice {
    vendor = Text.header(vendor);
    product = Text.header(product);
    version = Text.header(version);
  }

  /**
   * @throws IllegalArgumentException if one is too long
   */
  void checkLengths() {
    check("vendor", vendor, MAX_NAME);
    check("product", product, MAX_NAME);
    check("version", version, MAX_VERSION);
  }

  CefDevice cut() {
    return new CefDevice(
        Text.cut(vendor, MAX_NAME), Text.cut(product, MAX_NAME), Text.cut(version, MAX_VERSION));
  }

  private static void check(String field, String value, int max) {
    if (value.length() > max) {
      throw new IllegalArgumentException(
          "device " + field + " has " + value.length() + " characters: may have " + max);
    }
  }
}

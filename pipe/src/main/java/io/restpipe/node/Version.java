package io.restpipe.node;

/** Which program this is. */
final class Version {

  private Version() {}

  /** Name and version, as peers are told. */
  static String software() {
    return "restpipe-java/" + number();
  }

  static String number() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}

package io.restpipe.security;

import java.util.Locale;

/** What a node is on the pipe, and so what its certificate must be good for. */
public enum NodeRole {
  /** Accepts connections. An extended key usage, where there is one, must hold serverAuth. */
  SERVER("1.3.6.1.5.5.7.3.1", "serverAuth"),
  /** Dials a server. An extended key usage, where there is one, must hold clientAuth. */
  CLIENT("1.3.6.1.5.5.7.3.2", "clientAuth");

  private final String usageOid;
  private final String usageName;

  NodeRole(String usageOid, String usageName) {
    this.usageOid = usageOid;
    this.usageName = usageName;
  }

  /** The object identifier of the extended key usage. */
  public String usageOid() {
    return usageOid;
  }

  /** The extended key usage as openssl's configuration files write it. */
  public String usageName() {
    return usageName;
  }

  /** {@code server} or {@code client}: as in file names, flags and sentences. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

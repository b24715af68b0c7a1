package io.restpipe.cef;

/** What an extension value is, in the dictionary's words. */
public enum CefType {
  STRING("String"),
  INTEGER("Integer"),
  LONG("Long"),
  DOUBLE("Double"),
  /** An IP address of either family. */
  ADDRESS("IP address"),
  /** By the letter of version 0 an IPv4 address; version 1 takes either family. */
  IPV4("IPv4 address"),
  IPV6("IPv6 address"),
  MAC("MAC address"),
  TIMESTAMP("Time stamp");

  private final String words;

  CefType(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}

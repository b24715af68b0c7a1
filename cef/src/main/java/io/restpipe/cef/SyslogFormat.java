package io.restpipe.cef;

/** The two headers of syslog. */
public enum SyslogFormat {
  /** {@code <166>Nov 21 07:18:24 host CEF:0|…}: what most consumers of CEF expect. */
  RFC_3164,
  /** {@code <166>1 2026-11-21T07:18:24.123Z host application - - - CEF:0|…}. */
  RFC_5424
}

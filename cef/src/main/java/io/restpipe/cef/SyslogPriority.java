package io.restpipe.cef;

/** The severities of syslog, worst first, with the numbers of its header. */
public enum SyslogPriority {
  EMERG(0),
  ALERT(1),
  CRIT(2),
  ERR(3),
  WARNING(4),
  NOTICE(5),
  INFO(6),
  DEBUG(7);

  private final int number;

  SyslogPriority(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}

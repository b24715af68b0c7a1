package io.restpipe.cef;

/** The options of syslog(3), as far as they mean something here. */
enum SyslogOption {
  /** The process id goes with the tag. */
  PID,
  /** What could not be handed to the daemon is printed. */
  CONS,
  /** The socket is opened at start, which is always so. */
  NDELAY,
  /** Means nothing where no processes are made. */
  NOWAIT,
  /** Everything is printed, too. */
  PERROR
}

package dev.mayfly.server;

/** How a log line looks. */
public enum LogFormat {
  /** {@code time LEVEL message key=value}. */
  TEXT,
  /** One JSON object a line. */
  JSON
}

package dev.mayfly.server;

/** Whether the store's memory asks the system for huge pages. */
public enum HugePages {
  /** Where the system offers them on request and the store may grow large enough to gain. */
  AUTO,
  /** Always. */
  ON,
  /** Never. */
  OFF
}

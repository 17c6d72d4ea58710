package dev.mayfly.engine.memory;

/**
 * How closely native memory is watched. {@link #PLAIN} is for running, {@link #CHECKED} for tests:
 * it costs time and memory and changes no behaviour of a correct program. Immutable.
 */
public enum MemoryMode {
  /** Bounds are checked; a double free is found where the heap's own books show it. */
  PLAIN,

  /**
   * Also: free records are poisoned and verified when they are handed out again, a canary follows
   * each record, and every write and every strict read outside a live record throws {@link
   * MemoryCheckException}.
   */
  CHECKED
}

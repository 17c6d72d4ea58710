package dev.mayfly.engine.memory;

/**
 * A misuse of native memory: a double free, a use after free, a write past a record. Always a bug
 * of the program, never of its input; what the memory holds is not to be trusted any more.
 */
public final class MemoryCheckException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  MemoryCheckException(String message) {
    super(message);
  }
}

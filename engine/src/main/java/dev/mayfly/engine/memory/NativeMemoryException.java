package dev.mayfly.engine.memory;

/**
 * The operating system refused a memory operation. The message names the call, its size and the
 * error; {@link #errno()} is the system's number for it.
 */
public final class NativeMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final int EPERM = 1;
  private static final int ENOMEM = 12;
  private static final int EACCES = 13;
  private static final int EINVAL = 22;

  private final int errno;

  NativeMemoryException(String call, long bytes, int errno) {
    super(call + " of " + bytes + " bytes failed: errno " + errno + meaning(errno));
    this.errno = errno;
  }

  /** The error number as the system gave it. */
  public int errno() {
    return errno;
  }

  private static String meaning(int errno) {
    return switch (errno) {
      case ENOMEM ->
          " (ENOMEM: the address space or the number of mappings is exhausted, or the system"
              + " forbids overcommit: see ulimit -v, vm.overcommit_memory, vm.max_map_count)";
      case EINVAL -> " (EINVAL)";
      case EACCES -> " (EACCES)";
      case EPERM -> " (EPERM)";
      default -> "";
    };
  }
}

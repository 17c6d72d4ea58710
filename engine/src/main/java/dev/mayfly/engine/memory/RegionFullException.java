package dev.mayfly.engine.memory;

/**
 * A region has no room left for an allocation. The structure that threw it is unchanged and goes on
 * serving; freeing records makes room again. Has no stack trace, since it may be thrown on a hot
 * path.
 */
public final class RegionFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RegionFullException(long bytes, long regionBytes) {
    super(
        "no room for " + bytes + " bytes in a region of " + regionBytes + " bytes",
        null,
        false,
        false);
  }
}

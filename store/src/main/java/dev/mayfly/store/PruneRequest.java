package dev.mayfly.store;

import java.util.List;

/**
 * Removes the least used keys until so many are left; see {@link PruneOrder} for which go first.
 *
 * @param keysLeft how many are to be left, at least 0
 * @param ignored keys that stay in any case, as do locked ones and any younger than the run
 */
public record PruneRequest(long keysLeft, List<byte[]> ignored) {
  /** Checks the range. */
  public PruneRequest {
    if (keysLeft < 0) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID, "%d keys left: expected at least 0".formatted(keysLeft));
    }
  }
}

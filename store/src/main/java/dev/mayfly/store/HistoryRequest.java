package dev.mayfly.store;

/**
 * Reads one version of a value.
 *
 * @param version above 0 that very version; -n the one n versions before the current one
 */
public record HistoryRequest(byte[] key, long version) {
  /** Checks the range. */
  public HistoryRequest {
    if (version == 0) {
      throw new MayflyException(
          ErrorCode.VERSION_INVALID, "version 0: expected one above or below zero");
    }
  }
}

package dev.mayfly.engine.memory;

/**
 * Where the pages of an {@link AddressSpace} come from: one range of zeroed, readable and writable
 * memory at a fixed address. All methods but {@link #close()} are safe for concurrent use on
 * disjoint ranges.
 */
sealed interface PageSource permits MappedPages, ArenaPages {
  /** First address, a multiple of 2 MiB. */
  long address();

  long bytes();

  /** Discards and advice must be multiples of this. */
  int pageSize();

  /** Gives the pages back to the system; what they hold afterwards is undefined. */
  void discard(long address, long bytes);

  /** Asks for huge pages, or for none; returns whether the system took the advice. */
  boolean adviseHuge(long address, long bytes, boolean huge);

  /** Releases the range. Nobody may touch it afterwards. */
  void close();
}

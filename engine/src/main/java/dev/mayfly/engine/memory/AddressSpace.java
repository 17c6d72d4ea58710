package dev.mayfly.engine.memory;

/**
 * One reserved range of native address space, the memory of one store. Reserving costs no memory:
 * pages are committed when they are first touched and given back by {@link Region#discard}.
 *
 * <p>On 64-bit Linux and macOS the range is mapped without reserve. Elsewhere it is one chunk of a
 * shared arena, committed whole and therefore at most {@link #FALLBACK_PROPERTY} bytes; {@link
 * #size()} then tells less than was asked for, and {@link #isElastic()} is false.
 *
 * <p>Safe for concurrent use, except {@link #close()}: it unmaps the range, and whoever touches a
 * region afterwards crashes the process. The owner closes it last, when no thread can reach any of
 * its regions.
 */
public final class AddressSpace implements AutoCloseable {
  /** System property: the most bytes the fallback takes; 1 GiB unless set. */
  public static final String FALLBACK_PROPERTY = "mayfly.memory.fallback-bytes";

  private static final long FALLBACK_BYTES = 1L << 30;
  private static final long PAGE = 4096;

  private final PageSource pages;
  private final MemoryMode mode;
  private boolean closed;

  AddressSpace(PageSource pages, MemoryMode mode) {
    this.pages = pages;
    this.mode = mode;
  }

  /**
   * Reserves a range.
   *
   * @param bytes its size, rounded up to 4 KiB
   * @throws NativeMemoryException if the system refuses
   */
  public static AddressSpace reserve(long bytes, MemoryMode mode) {
    if (bytes <= 0 || bytes > 1L << 46) {
      throw new IllegalArgumentException("bytes " + bytes + " is not in 1..2^46");
    }
    long rounded = (bytes + PAGE - 1) & -PAGE;
    PageSource pages =
        MappedPages.isSupported()
            ? MappedPages.reserve(rounded)
            : new ArenaPages(Math.min(rounded, Long.getLong(FALLBACK_PROPERTY, FALLBACK_BYTES)));
    return new AddressSpace(pages, mode);
  }

  /**
   * Links the system's calls, which the first range does otherwise: some fifty milliseconds, that
   * may be spent on another thread.
   */
  public static void prepare() {
    reserve(PAGE, MemoryMode.PLAIN).close();
  }

  public long size() {
    return pages.bytes();
  }

  /** Whether untouched and discarded pages cost no memory. */
  public boolean isElastic() {
    return pages instanceof MappedPages;
  }

  /**
   * A part of the range. Parts handed out should not overlap; each has its own checks in {@link
   * MemoryMode#CHECKED}.
   *
   * @param offset first byte, a multiple of 4096 (of 2 MiB if huge pages are wanted in it)
   * @param bytes a multiple of 4096
   */
  public Region region(long offset, long bytes) {
    if (offset < 0 || bytes <= 0 || bytes > size() - offset) {
      throw new IndexOutOfBoundsException(
          "region " + offset + " + " + bytes + " is outside an address space of " + size());
    }
    if ((offset | bytes) % PAGE != 0) {
      throw new IllegalArgumentException(
          "region " + offset + " + " + bytes + " is not in whole pages of " + PAGE);
    }
    return Region.of(pages, offset, bytes, mode);
  }

  /** Unmaps the range; a second call does nothing. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      pages.close();
    }
  }
}

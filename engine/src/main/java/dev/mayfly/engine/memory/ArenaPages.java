package dev.mayfly.engine.memory;

import java.lang.foreign.Arena;

/**
 * The fallback where {@link MappedPages} is not supported: one chunk of a shared arena. It is
 * committed whole when it is made, and a discard frees nothing: it only clears.
 */
final class ArenaPages implements PageSource {
  private static final long ALIGNMENT = 2L << 20;
  private static final int PAGE = 4096;

  private final Arena arena = Arena.ofShared();
  private final long address;
  private final long bytes;

  ArenaPages(long bytes) {
    this.bytes = bytes;
    address = arena.allocate(bytes, ALIGNMENT).address();
  }

  @Override
  public long address() {
    return address;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public int pageSize() {
    return PAGE;
  }

  @Override
  public void discard(long from, long length) {
    RawMemory.fill(from, length, (byte) 0);
  }

  @Override
  public boolean adviseHuge(long from, long length, boolean huge) {
    return false;
  }

  @Override
  public void close() {
    arena.close();
  }
}

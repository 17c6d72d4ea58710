package dev.mayfly.engine.memory;

import java.util.Locale;

/**
 * Pages reserved with mmap on 64-bit Linux and macOS: address space costs nothing until it is
 * touched, and discarded pages go back to the system at once.
 */
final class MappedPages implements PageSource {
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_PRIVATE = 2;
  private static final long ALIGNMENT = 2L << 20;

  private final Platform platform;
  private final long mapped;
  private final long mappedBytes;
  private final long address;
  private final long bytes;
  private final int pageSize;

  private MappedPages(Platform platform, long bytes) {
    this.platform = platform;
    this.bytes = bytes;
    mappedBytes = bytes + ALIGNMENT;
    mapped = SystemCalls.map(mappedBytes, PROT_READ_WRITE, platform.mapFlags);
    address = (mapped + ALIGNMENT - 1) & -ALIGNMENT;
    pageSize = SystemCalls.pageSize();
    adviseHuge(address, bytes, false);
  }

  static boolean isSupported() {
    return Platform.current() != Platform.OTHER;
  }

  static MappedPages reserve(long bytes) {
    return new MappedPages(Platform.current(), bytes);
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
    return pageSize;
  }

  @Override
  public void discard(long from, long length) {
    int errno = SystemCalls.advise(from, length, platform.discardAdvice);
    if (errno != 0) {
      throw new NativeMemoryException("madvise to discard", length, errno);
    }
  }

  @Override
  public boolean adviseHuge(long from, long length, boolean huge) {
    int advice = huge ? platform.hugeAdvice : platform.smallAdvice;
    return advice != Platform.NONE && SystemCalls.advise(from, length, advice) == 0;
  }

  @Override
  public void close() {
    SystemCalls.unmap(mapped, mappedBytes);
  }

  /** The constants of each system's sys/mman.h. */
  private enum Platform {
    /** MAP_ANONYMOUS | MAP_NORESERVE, MADV_DONTNEED, MADV_HUGEPAGE, MADV_NOHUGEPAGE. */
    LINUX(0x20 | 0x4000, 4, 14, 15),

    /** MAP_ANON | MAP_NORESERVE, MADV_FREE_REUSABLE; huge pages cannot be asked for. */
    MACOS(0x1000 | 0x40, 7, -1, -1),
    OTHER(0, -1, -1, -1);

    static final int NONE = -1;

    final int mapFlags;
    final int discardAdvice;
    final int hugeAdvice;
    final int smallAdvice;

    Platform(int mapFlags, int discardAdvice, int hugeAdvice, int smallAdvice) {
      this.mapFlags = mapFlags | MAP_PRIVATE;
      this.discardAdvice = discardAdvice;
      this.hugeAdvice = hugeAdvice;
      this.smallAdvice = smallAdvice;
    }

    static Platform current() {
      String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
      boolean known = arch.equals("amd64") || arch.equals("x86_64") || arch.equals("aarch64");
      String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
      if (!known) {
        return OTHER;
      }
      return os.startsWith("linux") ? LINUX : os.startsWith("mac") ? MACOS : OTHER;
    }
  }
}

package dev.mayfly.engine.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The four calls of the C library that this package makes, for 64-bit Linux and macOS. Each throws
 * {@link NativeMemoryException} on failure. Stateless.
 */
final class SystemCalls {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  /**
   * Every call is linked with six words as arguments, of which it takes as many as it has: both
   * calling conventions pass them in registers that the callee may ignore. To link a type takes
   * some ten milliseconds of the start; to link it again takes none.
   */
  private static final FunctionDescriptor WORDS =
      FunctionDescriptor.of(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private static final MethodHandle MMAP = link("mmap");
  private static final MethodHandle MUNMAP = link("munmap");
  private static final MethodHandle MADVISE = link("madvise");
  private static final MethodHandle GETPAGESIZE = link("getpagesize");

  private SystemCalls() {}

  /** Maps private zeroed memory at an address of the system's choice. */
  static long map(long bytes, int protection, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      long address = call(MMAP, state, 0, bytes, protection, flags, -1);
      if (address == -1) {
        throw new NativeMemoryException("mmap", bytes, errno(state));
      }
      return address;
    }
  }

  static void unmap(long address, long bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int result = (int) call(MUNMAP, state, address, bytes, 0, 0, 0);
      if (result != 0) {
        throw new NativeMemoryException("munmap", bytes, errno(state));
      }
    }
  }

  /** Gives advice; returns 0 or the error number, since some advice may be refused harmlessly. */
  static int advise(long address, long bytes, int advice) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int result = (int) call(MADVISE, state, address, bytes, advice, 0, 0);
      return result == 0 ? 0 : errno(state);
    }
  }

  static int pageSize() {
    try (Arena arena = Arena.ofConfined()) {
      return (int) call(GETPAGESIZE, arena.allocate(STATE), 0, 0, 0, 0, 0);
    }
  }

  /** The sixth word, the offset of a mapping, is always 0. What is an int is in the low half. */
  private static long call(
      MethodHandle function, MemorySegment state, long a, long b, long c, long d, long e) {
    try {
      return (long) function.invokeExact(state, a, b, c, d, e, 0L);
    } catch (Throwable failure) {
      throw rethrow(failure);
    }
  }

  private static int errno(MemorySegment state) {
    return (int) ERRNO.get(state, 0L);
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link(String name) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name), WORDS, Linker.Option.captureCallState("errno"));
  }

  private static RuntimeException rethrow(Throwable e) {
    if (e instanceof RuntimeException unchecked) {
      return unchecked;
    }
    if (e instanceof Error error) {
      throw error;
    }
    throw new IllegalStateException("a native call threw a checked exception", e);
  }
}

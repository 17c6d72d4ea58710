package dev.mayfly.counter.socket;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The calls of the C library that a socket makes, on 64-bit Linux. Each gives what the library
 * gives, or, where that is negative, the error's number with a minus sign. Stateless; what the
 * arguments point to is the caller's to keep.
 */
final class SystemCalls {
  static final int EINTR = 4;
  static final int EAGAIN = 11;
  static final int EACCES = 13;
  static final int EAFNOSUPPORT = 97;
  static final int EADDRINUSE = 98;
  static final int EADDRNOTAVAIL = 99;

  /** Where a call leaves its error's number. */
  static final StructLayout STATE = Linker.Option.captureStateLayout();

  private static final Linker LINKER = Linker.nativeLinker();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  /**
   * Every call is linked with six words as arguments, of which it takes as many as it has, and an
   * int is the low half of its word: both calling conventions allow it. Each type more that is
   * linked would take some ten milliseconds of the start; the engine links this one as well.
   */
  private static final FunctionDescriptor WORDS =
      FunctionDescriptor.of(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private static final MethodHandle SOCKET = link("socket");
  private static final MethodHandle BIND = link("bind");
  private static final MethodHandle GETSOCKNAME = link("getsockname");
  private static final MethodHandle SETSOCKOPT = link("setsockopt");
  private static final MethodHandle RECVMMSG = link("recvmmsg");
  private static final MethodHandle SENDMMSG = link("sendmmsg");
  private static final MethodHandle SENDTO = link("sendto");
  private static final MethodHandle CLOSE = link("close");

  private SystemCalls() {}

  static int socket(MemorySegment state, int family, int type) {
    return call(SOCKET, state, family, type, 0, 0, 0, 0);
  }

  static int bind(MemorySegment state, int socket, long name, int length) {
    return call(BIND, state, socket, name, length, 0, 0, 0);
  }

  static int localName(MemorySegment state, int socket, long name, long length) {
    return call(GETSOCKNAME, state, socket, name, length, 0, 0, 0);
  }

  static int option(
      MemorySegment state, int socket, int level, int option, long value, int length) {
    return call(SETSOCKOPT, state, socket, level, option, value, length, 0);
  }

  static int receive(MemorySegment state, int socket, long messages, int count, int flags) {
    return call(RECVMMSG, state, socket, messages, count, flags, 0, 0);
  }

  static int send(MemorySegment state, int socket, long messages, int count, int flags) {
    return call(SENDMMSG, state, socket, messages, count, flags, 0, 0);
  }

  static int sendTo(
      MemorySegment state, int socket, long from, int bytes, int flags, long name, int length) {
    return call(SENDTO, state, socket, from, bytes, flags, name, length);
  }

  static int close(MemorySegment state, int socket) {
    return call(CLOSE, state, socket, 0, 0, 0, 0, 0);
  }

  private static int call(
      MethodHandle function, MemorySegment state, long a, long b, long c, long d, long e, long f) {
    try {
      int result = (int) (long) function.invokeExact(state, a, b, c, d, e, f);
      return result >= 0 ? result : -(int) ERRNO.get(state, 0L);
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable failure) {
      throw new IllegalStateException("a native call threw a checked exception", failure);
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link(String name) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name), WORDS, Linker.Option.captureCallState("errno"));
  }

  /** What went wrong, in the system's words where they are known. */
  static String text(int error) {
    return switch (error) {
      case EACCES -> "Permission denied";
      case EADDRINUSE -> "Address already in use";
      case EADDRNOTAVAIL -> "Cannot assign requested address";
      case EAFNOSUPPORT -> "Address family not supported by protocol";
      default -> "system error " + error;
    };
  }
}

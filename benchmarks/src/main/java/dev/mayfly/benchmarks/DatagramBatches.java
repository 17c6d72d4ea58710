package dev.mayfly.benchmarks;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A socket connected to a port on loopback that sends and receives many datagrams by one system
 * call, from memory that is laid out once. Linux on 64 bits only. Confined to one thread.
 */
@SuppressWarnings("restricted") // System calls, and the memory that they are given.
final class DatagramBatches implements AutoCloseable {
  private static final int AF_INET = 2;
  private static final int SOCK_DGRAM = 2;
  private static final int SOL_SOCKET = 1;
  private static final int SO_SNDBUF = 7;
  private static final int SO_RCVBUF = 8;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int SOCKET_BUFFER_BYTES = 4 << 20;
  private static final int LOOPBACK = 0x0100007F;

  /** struct mmsghdr, struct iovec, and the room for a datagram. */
  private static final long HEADER = 64;

  private static final long VECTOR = 16;
  private static final long ROOM = 2048;

  private static final MethodHandle SOCKET = call("socket", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle CONNECT = call("connect", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle CLOSE = call("close", JAVA_INT);
  private static final MethodHandle SET_OPTION =
      call("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle SEND = call("sendmmsg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle RECEIVE =
      call("recvmmsg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);

  private final Arena arena = Arena.ofConfined();
  private final int descriptor;
  private final int batch;
  private final int datagrams;
  private final MemorySegment outgoing;
  private final MemorySegment incoming;
  private int next;

  /** Sends these datagrams in turn, and at most so many by one call. */
  DatagramBatches(int port, int batch, byte[][] datagrams) throws IOException {
    this.batch = batch;
    this.datagrams = datagrams.length;
    outgoing = messages(datagrams.length + batch, datagrams.length);
    for (int i = 0; i < datagrams.length + batch; i++) {
      byte[] datagram = datagrams[i % datagrams.length];
      MemorySegment vector = vector(outgoing, i);
      vector.set(JAVA_LONG, Long.BYTES, datagram.length);
      long at = vector.get(JAVA_LONG, 0);
      MemorySegment.copy(
          datagram,
          0,
          MemorySegment.ofAddress(at).reinterpret(ROOM),
          JAVA_BYTE,
          0,
          datagram.length);
    }
    incoming = messages(batch, batch);
    descriptor = (int) result(() -> (int) SOCKET.invokeExact(AF_INET, SOCK_DGRAM, 0), "socket");
    MemorySegment size = arena.allocateFrom(JAVA_INT, SOCKET_BUFFER_BYTES);
    for (int option : new int[] {SO_SNDBUF, SO_RCVBUF}) {
      result(
          () -> (int) SET_OPTION.invokeExact(descriptor, SOL_SOCKET, option, size, Integer.BYTES),
          "setsockopt");
    }
    MemorySegment address = arena.allocate(16, Long.BYTES);
    address.set(JAVA_SHORT, 0, (short) AF_INET);
    address.set(JAVA_SHORT, 2, Short.reverseBytes((short) port));
    address.set(JAVA_INT, 4, LOOPBACK);
    result(() -> (int) CONNECT.invokeExact(descriptor, address, 16), "connect");
  }

  private static MethodHandle call(String name, MemoryLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
  }

  /** So many messages of one part each, whose parts take turns in so many rooms. */
  private MemorySegment messages(int count, int rooms) {
    MemorySegment headers = arena.allocate(count * HEADER, Long.BYTES);
    MemorySegment vectors = arena.allocate(count * VECTOR, Long.BYTES);
    MemorySegment bytes = arena.allocate(rooms * ROOM, HEADER);
    for (int i = 0; i < count; i++) {
      headers.set(JAVA_LONG, i * HEADER + 16, vectors.address() + i * VECTOR);
      headers.set(JAVA_LONG, i * HEADER + 24, 1);
      vectors.set(JAVA_LONG, i * VECTOR, bytes.address() + i % rooms * ROOM);
      vectors.set(JAVA_LONG, i * VECTOR + Long.BYTES, ROOM);
    }
    return headers;
  }

  private static MemorySegment vector(MemorySegment headers, int message) {
    long at = headers.get(JAVA_LONG, message * HEADER + 16);
    return MemorySegment.ofAddress(at).reinterpret(VECTOR);
  }

  /** Sends so many, no more than fit one call; returns how many the system took. */
  int send(int count) throws IOException {
    MemorySegment from = outgoing.asSlice(next * HEADER);
    int wanted = Math.min(count, batch);
    int sent = invoke(() -> (int) SEND.invokeExact(descriptor, from, wanted, MSG_DONTWAIT));
    int taken = Math.max(0, sent);
    next = (next + taken) % datagrams;
    return taken;
  }

  /** Takes what has come; returns how many that were. */
  int receive() throws IOException {
    int received =
        invoke(
            () ->
                (int)
                    RECEIVE.invokeExact(
                        descriptor, incoming, batch, MSG_DONTWAIT, MemorySegment.NULL));
    return Math.max(0, received);
  }

  /** A call of the system. */
  private interface Call {
    int invoke() throws Throwable;
  }

  private static int invoke(Call call) throws IOException {
    try {
      return call.invoke();
    } catch (Throwable e) {
      throw new IOException("a system call could not be made", e);
    }
  }

  private static long result(Call call, String name) throws IOException {
    int result = invoke(call);
    if (result < 0) {
      throw new IOException(name + " failed");
    }
    return result;
  }

  @Override
  public void close() throws IOException {
    result(() -> (int) CLOSE.invokeExact(descriptor), "close");
    arena.close();
  }
}

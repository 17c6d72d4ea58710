package dev.mayfly.counter.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/** Addresses as the system has them: struct sockaddr_in and sockaddr_in6. Static. */
final class SocketName {
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;

  /** The longer one's length. */
  static final int BYTES_MAX = 28;

  /** The shorter one's length. */
  static final int V4_BYTES = 16;

  /** What either is given. */
  static final long ROOM = 32;

  private static final int PORT = 2;
  private static final int V4_ADDRESS = 4;
  private static final int V6_ADDRESS = 8;
  private static final int V6_SCOPE = 24;
  private static final int MAPPED = 12;

  private static final byte LOOPBACK_NET = 127;

  /** The lower half of ::ffff:127.0.0.0 without its last 24 bits. */
  private static final long MAPPED_LOOPBACK = 0xFFFF7FL;

  private static final ValueLayout.OfLong NETWORK_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfShort NETWORK_SHORT =
      JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private SocketName() {}

  /**
   * Writes an address for a socket of this family; returns its length, or 0 if that family cannot
   * reach it. An IPv4 address is mapped for a socket of IPv6.
   */
  static int write(MemorySegment target, int family, InetSocketAddress address) {
    InetAddress host = address.getAddress();
    if (host == null || (family == AF_INET && host instanceof Inet6Address)) {
      return 0;
    }
    byte[] bytes = host.getAddress();
    target.fill((byte) 0);
    target.set(JAVA_SHORT_UNALIGNED, 0, (short) family);
    target.set(NETWORK_SHORT, PORT, (short) address.getPort());
    if (family == AF_INET) {
      MemorySegment.copy(bytes, 0, target, JAVA_BYTE, V4_ADDRESS, bytes.length);
      return V4_BYTES;
    }
    if (host instanceof Inet6Address six) {
      MemorySegment.copy(bytes, 0, target, JAVA_BYTE, V6_ADDRESS, bytes.length);
      target.set(JAVA_INT_UNALIGNED, V6_SCOPE, six.getScopeId());
    } else if (!host.isAnyLocalAddress()) {
      target.set(JAVA_SHORT_UNALIGNED, V6_ADDRESS + MAPPED - 2, (short) -1);
      MemorySegment.copy(bytes, 0, target, JAVA_BYTE, V6_ADDRESS + MAPPED, bytes.length);
    }
    return BYTES_MAX;
  }

  /** Whether it is of this machine alone. */
  static boolean isLoopback(MemorySegment name) {
    if (name.get(JAVA_SHORT_UNALIGNED, 0) == AF_INET) {
      return name.get(JAVA_BYTE, V4_ADDRESS) == LOOPBACK_NET;
    }
    long high = name.get(NETWORK_LONG, V6_ADDRESS);
    long low = name.get(NETWORK_LONG, V6_ADDRESS + 8);
    return high == 0 && (low == 1 || low >>> 24 == MAPPED_LOOPBACK);
  }

  /** The address; one of IPv4 that was mapped is again one of IPv4. */
  static InetSocketAddress read(MemorySegment source) {
    boolean six = source.get(JAVA_SHORT_UNALIGNED, 0) == AF_INET6;
    int port = source.get(NETWORK_SHORT, PORT) & 0xFFFF;
    int from = six ? V6_ADDRESS : V4_ADDRESS;
    byte[] bytes = source.asSlice(from, six ? 16 : 4).toArray(JAVA_BYTE);
    try {
      int scope = six ? source.get(JAVA_INT_UNALIGNED, V6_SCOPE) : 0;
      InetAddress host =
          scope == 0
              ? InetAddress.getByAddress(bytes)
              : Inet6Address.getByAddress(null, bytes, scope);
      return new InetSocketAddress(host, port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of 4 or 16 bytes", e);
    }
  }
}

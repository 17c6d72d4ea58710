package dev.mayfly.balancer;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * The PROXY header, version 2: who a connection comes from, told by whoever passes it on.
 *
 * <p>Immutable.
 *
 * @param source the client, and {@code destination} where it connected to; null where the one that
 *     passes the connection on speaks for itself (LOCAL), or the family is none of the internet
 */
record ProxyHeader(@Nullable InetSocketAddress source, @Nullable InetSocketAddress destination) {
  /** The longest that is taken, with everything that may follow the addresses. */
  static final int BYTES_MAX = 4096;

  private static final byte[] SIGNATURE = {
    0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
  };
  private static final int FIXED_BYTES = 16;
  private static final int LOCAL = 0x20;
  private static final int PROXY = 0x21;
  private static final int TCP4 = 0x11;
  private static final int TCP6 = 0x21;

  /**
   * Reads one from the beginning of what arrived, and moves the reader behind it.
   *
   * @return null if more bytes are needed
   * @throws IllegalArgumentException if it is none
   */
  static @Nullable ProxyHeader read(ByteBuf in) {
    int at = in.readerIndex();
    for (int i = 0; i < Math.min(SIGNATURE.length, in.readableBytes()); i++) {
      if (in.getByte(at + i) != SIGNATURE[i]) {
        throw new IllegalArgumentException("no PROXY header of version 2");
      }
    }
    if (in.readableBytes() < FIXED_BYTES) {
      return null;
    }
    int command = in.getUnsignedByte(at + 12);
    int family = in.getUnsignedByte(at + 13);
    int length = in.getUnsignedShort(at + 14);
    if (command != LOCAL && command != PROXY) {
      throw new IllegalArgumentException("PROXY header with command " + command);
    }
    if (FIXED_BYTES + length > BYTES_MAX) {
      throw new IllegalArgumentException("PROXY header of " + length + " bytes");
    }
    if (in.readableBytes() < FIXED_BYTES + length) {
      return null;
    }
    ByteBuf addresses = in.slice(at + FIXED_BYTES, length);
    in.skipBytes(FIXED_BYTES + length);
    int bytes = family == TCP4 ? 4 : family == TCP6 ? 16 : 0;
    if (command == LOCAL || bytes == 0) {
      return new ProxyHeader(null, null);
    }
    if (length < 2 * bytes + 4) {
      throw new IllegalArgumentException("PROXY header without its addresses");
    }
    InetAddress source = address(addresses, bytes);
    InetAddress destination = address(addresses, bytes);
    return new ProxyHeader(
        new InetSocketAddress(source, addresses.readUnsignedShort()),
        new InetSocketAddress(destination, addresses.readUnsignedShort()));
  }

  private static InetAddress address(ByteBuf in, int length) {
    byte[] bytes = new byte[length];
    in.readBytes(bytes);
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes it; without addresses it says LOCAL. */
  void write(ByteBuf out) {
    out.writeBytes(SIGNATURE);
    InetSocketAddress from = source;
    InetSocketAddress to = destination;
    if (from == null || to == null) {
      out.writeByte(LOCAL).writeByte(0).writeShort(0);
      return;
    }
    byte[] fromBytes = from.getAddress().getAddress();
    byte[] toBytes = to.getAddress().getAddress();
    boolean four = fromBytes.length == 4 && toBytes.length == 4;
    byte[] first = four ? fromBytes : mapped(fromBytes);
    byte[] second = four ? toBytes : mapped(toBytes);
    out.writeByte(PROXY).writeByte(four ? TCP4 : TCP6).writeShort(2 * first.length + 4);
    out.writeBytes(first).writeBytes(second);
    out.writeShort(from.getPort()).writeShort(to.getPort());
  }

  /** An IPv4 address in the form of the other kind, where the two ends differ. */
  private static byte[] mapped(byte[] address) {
    if (address.length == 16) {
      return address;
    }
    byte[] mapped = new byte[16];
    mapped[10] = (byte) 0xff;
    mapped[11] = (byte) 0xff;
    System.arraycopy(address, 0, mapped, 12, 4);
    return mapped;
  }
}

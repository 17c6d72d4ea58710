package dev.mayfly.counter.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Set;

/**
 * A socket that receives many datagrams by one system call, each into a place of its own, and sends
 * what was answered in those places by one more.
 *
 * <p>{@link #receive}, {@link #request}, {@link #answer}, {@link #flush} and {@link #sender} are
 * for one thread, in turns: receive, then for each place its request and perhaps an answer, then
 * flush. {@link #send} and {@link #wake} are for any thread. {@link #close} comes when the one
 * thread has ended. It owns its memory, which is laid out once, and its descriptor.
 *
 * <p>The system waits for the first datagram and takes those that are there behind it, in one call.
 * So that a stop is noticed in any case, it waits for a second at most; {@link #wake}, an empty
 * datagram to itself, makes it a moment. A flush waits until the system has room, for at most a
 * tenth of a second, while what arrives piles up in its buffer, which is bounded.
 */
public final class BatchSocket implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(BatchSocket.class.getName());

  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_SNDBUF = 7;
  private static final int SO_RCVBUF = 8;
  private static final int SO_RCVTIMEO = 20;
  private static final int SO_SNDTIMEO = 21;
  private static final int IPPROTO_IPV6 = 41;
  private static final int IPV6_V6ONLY = 26;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_WAITFORONE = 0x10000;
  private static final int SEND_MICROS_MAX = 100_000;
  private static final Set<String> ARCHITECTURES = Set.of("amd64", "aarch64");

  private final Arena arena = Arena.ofShared();
  private final MemorySegment state = arena.allocate(SystemCalls.STATE);
  private final int family;
  private final int descriptor;
  private final Requests requests;
  private final Answers answers;

  /** Guards what is below. */
  private final Object sending = new Object();

  private final MemorySegment sendingState = arena.allocate(SystemCalls.STATE);
  private final MemorySegment name = arena.allocate(SocketName.ROOM, Long.BYTES);
  private final MemorySegment bytes;
  private boolean closed;

  /** Whether there is such a thing on this system. */
  public static boolean isSupported() {
    return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).equals("linux")
        && ARCHITECTURES.contains(System.getProperty("os.arch", ""))
        && BatchSocket.class.getModule().isNativeAccessEnabled();
  }

  /**
   * Opens a socket.
   *
   * @param address port 0 lets the system choose one; the address of all interfaces means those of
   *     IPv6 as well
   * @param places how many datagrams are received by one call
   * @param bytesMax of a longer datagram only so many bytes are received
   * @param bufferBytes asked for in the system, each way
   * @throws BindException when the address cannot be used
   */
  public BatchSocket(InetSocketAddress address, int places, int bytesMax, int bufferBytes)
      throws IOException {
    bytes = arena.allocate(bytesMax, Long.BYTES);
    requests = new Requests(arena, places, bytesMax);
    int opened = openFor(address.getAddress(), SocketName.AF_INET6);
    family = opened == -SystemCalls.EAFNOSUPPORT ? SocketName.AF_INET : SocketName.AF_INET6;
    descriptor = opened >= 0 ? opened : openFor(address.getAddress(), SocketName.AF_INET);
    try {
      require("socket", descriptor);
      configure(bufferBytes);
      answers = new Answers(arena, requests, isGrouping());
      bind(address);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** IPv4 alone is for its own addresses, and where there is no IPv6. */
  private int openFor(InetAddress host, int wanted) {
    boolean four = host instanceof Inet4Address;
    boolean suits = wanted == SocketName.AF_INET ? four : !four || host.isAnyLocalAddress();
    return suits
        ? SystemCalls.socket(state, wanted, SOCK_DGRAM | SOCK_CLOEXEC)
        : -SystemCalls.EAFNOSUPPORT;
  }

  private void configure(int bufferBytes) throws IOException {
    require("receive buffer", option(SOL_SOCKET, SO_RCVBUF, Integer.BYTES, bufferBytes, 0));
    require("send buffer", option(SOL_SOCKET, SO_SNDBUF, Integer.BYTES, bufferBytes, 0));
    require("receive timeout", option(SOL_SOCKET, SO_RCVTIMEO, 2 * Long.BYTES, 1, 0));
    require("send timeout", option(SOL_SOCKET, SO_SNDTIMEO, 2 * Long.BYTES, 0, SEND_MICROS_MAX));
    if (family == SocketName.AF_INET6) {
      require("IPv4 too", option(IPPROTO_IPV6, IPV6_V6ONLY, Integer.BYTES, 0, 0));
    }
  }

  /** A system that does not know the option would send a group as one datagram. */
  private boolean isGrouping() {
    return option(Answers.SOL_UDP, Answers.UDP_SEGMENT, Integer.BYTES, 0, 0) >= 0;
  }

  /** The value is an int, or a struct timeval of two longs. */
  private int option(int level, int option, int length, long first, long second) {
    bytes.set(JAVA_LONG, 0, first);
    bytes.set(JAVA_LONG, Long.BYTES, second);
    return SystemCalls.option(state, descriptor, level, option, bytes.address(), length);
  }

  private void bind(InetSocketAddress address) throws IOException {
    int length = SocketName.write(name, family, address);
    int result =
        length == 0
            ? -SystemCalls.EADDRNOTAVAIL
            : SystemCalls.bind(state, descriptor, name.address(), length);
    if (result < 0) {
      throw new BindException(SystemCalls.text(-result));
    }
  }

  private static void require(String what, int result) throws IOException {
    if (result < 0) {
      throw new IOException(what + ": " + SystemCalls.text(-result));
    }
  }

  /** Where it listens. */
  public InetSocketAddress localAddress() throws IOException {
    synchronized (sending) {
      bytes.set(JAVA_INT, 0, SocketName.BYTES_MAX);
      require(
          "local address",
          SystemCalls.localName(sendingState, descriptor, name.address(), bytes.address()));
      return SocketName.read(name);
    }
  }

  /**
   * Waits for datagrams, for a second at most.
   *
   * @return how many came, in the places from 0 on
   * @throws IOException when the system cannot receive any
   */
  public int receive() throws IOException {
    int received =
        SystemCalls.receive(
            state, descriptor, requests.address(), requests.places(), MSG_WAITFORONE);
    if (received == -SystemCalls.EINTR || received == -SystemCalls.EAGAIN) {
      return 0;
    }
    require("receive", received);
    return received;
  }

  /** Copies what came to a place; returns how many bytes, for which the target has room. */
  public int request(int place, byte[] target) {
    return requests.copy(place, target);
  }

  /** Who sent what came to a place. */
  public InetSocketAddress sender(int place) {
    return SocketName.read(requests.sender(place));
  }

  /**
   * Makes what came to a place its own answer, to be sent by {@link #flush}; once for a place.
   *
   * @param differing how many of its first bytes differ from the request's, and are copied
   * @param length of the answer, at most that of a place
   */
  public void answer(int place, byte[] answer, int differing, int length) {
    requests.overwrite(place, answer, differing);
    answers.add(place, length);
  }

  /**
   * Sends the answers, and makes the places free again.
   *
   * @param received how many places {@link #receive} filled
   * @return how many answers the system took
   */
  public int flush(int received) {
    int taken = 0;
    int next = 0;
    while (next < answers.messages()) {
      int sent = send(answers.address(next), answers.messages() - next);
      for (int message = next; message < next + sent; message++) {
        taken += answers.size(message);
      }
      next += Math.max(0, sent);
      if (sent == -SystemCalls.EAGAIN) {
        LOG.log(System.Logger.Level.DEBUG, "the system has no room for answers");
        break;
      }
      if (sent < 0) {
        // What cannot be sent, to port 0 or through a filter, is no fault of those behind it.
        taken += answers.size(next) > 1 ? sendOneByOne(next) : 0;
        next++;
      }
    }
    answers.clear();
    requests.reset(received);
    return taken;
  }

  private int sendOneByOne(int message) {
    int taken = 0;
    for (int i = 0; i < answers.size(message); i++) {
      taken += Math.max(0, send(answers.addressOfOne(message, i), 1));
    }
    return taken;
  }

  /** Returns how many messages the system took, or what is wrong with the first. */
  private int send(long messages, int count) {
    int sent;
    do {
      sent = SystemCalls.send(state, descriptor, messages, count, 0);
    } while (sent == -SystemCalls.EINTR);
    if (sent < 0) {
      LOG.log(System.Logger.Level.DEBUG, "answers cannot be sent error={0}", -sent);
    }
    return sent;
  }

  /**
   * Sends one datagram at once; waits for nothing but other such calls.
   *
   * @return whether the system took it
   */
  public boolean send(byte[] datagram, InetSocketAddress to) {
    synchronized (sending) {
      int length = closed ? 0 : SocketName.write(name, family, to);
      if (length == 0 || datagram.length > requests.bytesMax()) {
        return false;
      }
      MemorySegment.copy(datagram, 0, bytes, JAVA_BYTE, 0, datagram.length);
      int sent =
          SystemCalls.sendTo(
              sendingState,
              descriptor,
              bytes.address(),
              datagram.length,
              MSG_DONTWAIT,
              name.address(),
              length);
      return sent >= 0;
    }
  }

  /** Lets {@link #receive} come back at once, by an empty datagram if need be. */
  public void wake() throws IOException {
    InetSocketAddress own = localAddress();
    boolean any = own.getAddress().isAnyLocalAddress();
    InetAddress host = any ? InetAddress.getByAddress(new byte[] {127, 0, 0, 1}) : own.getAddress();
    var _ = send(new byte[0], new InetSocketAddress(host, own.getPort()));
  }

  @Override
  public void close() {
    synchronized (sending) {
      if (!closed) {
        closed = true;
        if (descriptor >= 0) {
          var _ = SystemCalls.close(sendingState, descriptor);
        }
        arena.close();
      }
    }
  }
}

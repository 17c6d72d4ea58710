package dev.mayfly.client;

import dev.mayfly.client.CounterException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection to the counter door: one question at a time, and listings, which datagrams are
 * too short for.
 *
 * <p>Calls block, for at most the timeout for each read. Confined to one thread at a time. After a
 * failure that is not a refusal it is to be closed.
 */
public final class CounterConnection implements AutoCloseable {
  private static final byte[] STOP = {'\n', '.', '\n'};
  private static final int LISTING_BYTES_MAX = 32 << 20;
  private static final byte[] HEALTH_NAMESPACE =
      "server_healthcheck".getBytes(StandardCharsets.US_ASCII);

  private final ServerAddress.Tcp address;
  private final Socket socket;
  private final String secret;
  private final @Nullable FrameSession session;
  private int ids;

  private CounterConnection(ServerAddress.Tcp address, Socket socket, String secret) {
    this.address = address;
    this.socket = socket;
    this.secret = secret;
    session = secret.isEmpty() ? null : new FrameSession(secret, InstantSource.system());
  }

  /**
   * Connects to the first server of a pool that answers, and is asked whether it does.
   *
   * @param secret empty: none
   * @param timeout for connecting to each, and for each answer; positive
   * @throws CounterException UNREACHABLE when none answers, or UNAUTHENTICATED when one does, but
   *     expects another secret
   */
  public static CounterConnection open(
      List<ServerAddress.Tcp> pool, String secret, Duration timeout) {
    List<String> failures = new ArrayList<>();
    for (ServerAddress.Tcp address : pool) {
      try {
        return open(address, secret, timeout);
      } catch (IOException e) {
        failures.add(address + ": " + e.getMessage());
      } catch (CounterException e) {
        if (e.reason() == Reason.UNAUTHENTICATED) {
          throw e;
        }
        failures.add(address + ": " + e.getMessage());
      }
    }
    throw new CounterException(
        Reason.UNREACHABLE, "no counter server answers: " + String.join("; ", failures));
  }

  private static CounterConnection open(ServerAddress.Tcp address, String secret, Duration timeout)
      throws IOException {
    Socket socket = new Socket();
    try {
      int millis = Math.clamp(timeout.toMillis(), 1, Integer.MAX_VALUE);
      InetSocketAddress target = new InetSocketAddress(address.host(), address.port());
      if (target.isUnresolved()) {
        throw new IOException("no address is known for '" + address.host() + "'");
      }
      socket.connect(target, millis);
      socket.setSoTimeout(millis);
      socket.setTcpNoDelay(true);
      CounterConnection connection = new CounterConnection(address, socket, secret);
      connection.ask(CounterOperation.count(HEALTH_NAMESPACE, HEALTH_NAMESPACE));
      return connection;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** The server that it is connected to. */
  public ServerAddress.Tcp address() {
    return address;
  }

  /**
   * Does one operation.
   *
   * @throws CounterException if it was refused, or the connection failed
   */
  public <T> T ask(CounterOperation<T> operation) {
    CounterFrame frame = new CounterFrame(session, CounterFrame.LENGTH_MAX);
    if (!frame.tryAdd(operation)) {
      throw CounterException.of(Reason.BAD_KEY);
    }
    try {
      socket.getOutputStream().write(frame.encode(++ids));
      byte[] reply = readFrame();
      Object result = frame.results(reply, reply.length).getFirst();
      if (result instanceof CounterException refusal) {
        throw refusal;
      }
      @SuppressWarnings("unchecked") // What the operation's own reader gave.
      T value = (T) result;
      return value;
    } catch (IOException e) {
      throw failed(e);
    } catch (FrameReader.MalformedException e) {
      throw strange(e);
    }
  }

  private byte[] readFrame() throws IOException {
    InputStream in = socket.getInputStream();
    byte[] head = in.readNBytes(CounterFrame.HEAD);
    if (head.length < CounterFrame.HEAD) {
      throw new EOFException("the connection ended");
    }
    int length = CounterFrame.length(head);
    if (length < CounterFrame.HEAD) {
      throw new FrameReader.MalformedException();
    }
    byte[] reply = Arrays.copyOf(head, length);
    int rest = in.readNBytes(reply, CounterFrame.HEAD, length - CounterFrame.HEAD);
    if (rest < length - CounterFrame.HEAD) {
      throw new EOFException("the connection ended");
    }
    if (!CounterFrame.isReply(reply, length) || CounterFrame.id(reply) != ids) {
      throw new FrameReader.MalformedException();
    }
    return reply;
  }

  /**
   * The keys of a namespace in which a pattern is found, sorted. In it, {@code *} stands for
   * anything; the rest is RE2 syntax.
   *
   * @throws CounterException if it was refused, or the connection failed
   */
  public List<byte[]> keys(byte[] namespace, byte[] pattern) {
    return list('K', namespace, pattern);
  }

  /** The namespaces with live events, sorted; see {@link #keys}. */
  public List<byte[]> namespaces() {
    return list('L', new byte[0], new byte[0]);
  }

  private List<byte[]> list(char command, byte[] namespace, byte[] data) {
    byte[] packet = CounterPacket.encode(command, secret, namespace, data);
    try {
      byte[] message = Arrays.copyOf(packet, packet.length + STOP.length);
      System.arraycopy(STOP, 0, message, packet.length, STOP.length);
      socket.getOutputStream().write(message);
      byte[] answer = readListing();
      if (answer[0] == 'E') {
        String text = new String(CounterPacket.data(answer), StandardCharsets.UTF_8);
        boolean unauthenticated = text.startsWith("auth failed");
        throw new CounterException(
            unauthenticated ? Reason.UNAUTHENTICATED : Reason.BAD_ARGUMENT, text);
      }
      return CounterPacket.lines(answer);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** A listing is as long as it is: its end is told by the three bytes behind it. */
  private byte[] readListing() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(CounterPacket.BYTES + STOP.length);
    byte[] chunk = new byte[64 * 1024];
    while (true) {
      int count = socket.getInputStream().read(chunk);
      if (count < 0) {
        throw new EOFException("the connection ended");
      }
      bytes.write(chunk, 0, count);
      if (bytes.size() > LISTING_BYTES_MAX) {
        throw new IOException("a listing of more than " + LISTING_BYTES_MAX + " bytes");
      }
      if (bytes.size() >= CounterPacket.BYTES + STOP.length && endsWithStop(chunk, count, bytes)) {
        return Arrays.copyOf(bytes.toByteArray(), bytes.size() - STOP.length);
      }
    }
  }

  private static boolean endsWithStop(byte[] chunk, int count, ByteArrayOutputStream all) {
    byte[] tail = count >= STOP.length ? chunk : all.toByteArray();
    int end = count >= STOP.length ? count : tail.length;
    return Arrays.equals(tail, end - STOP.length, end, STOP, 0, STOP.length);
  }

  private CounterException failed(IOException e) {
    boolean late = e instanceof SocketTimeoutException;
    return new CounterException(
        late ? Reason.TIMED_OUT : Reason.UNREACHABLE,
        "%s: %s".formatted(address, late ? "no answer in time" : e.getMessage()),
        e);
  }

  private CounterException strange(FrameReader.MalformedException e) {
    return new CounterException(
        Reason.MALFORMED, address + ": the answer is none of a counter door", e);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // Nothing waits for it any more.
      return;
    }
  }
}

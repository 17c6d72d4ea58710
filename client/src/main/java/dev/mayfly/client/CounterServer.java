package dev.mayfly.client;

import dev.mayfly.client.CounterException.Reason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One server of a pool: a connected datagram socket, and the frames that it has not answered yet.
 *
 * <p>Safe for concurrent use: one thread of its own receives, whoever likes sends. It is healthy
 * until two frames in a row are not answered, or the system says that nobody listens; an answer
 * makes it healthy again.
 */
final class CounterServer implements AutoCloseable {
  private static final int SILENCES_MAX = 2;
  private static final int REPLY_BYTES_MAX = 2048;
  private static final int SOCKET_BUFFER_BYTES = 1 << 20;

  private final ServerAddress.Tcp address;
  private final DatagramChannel channel;
  private final Map<Integer, SentFrame> sent = new ConcurrentHashMap<>();
  private final AtomicInteger silences = new AtomicInteger();
  private final Thread receiver;

  CounterServer(ServerAddress.Tcp address) throws IOException {
    this.address = address;
    InetSocketAddress target = new InetSocketAddress(address.host(), address.port());
    if (target.isUnresolved()) {
      throw new UnknownHostException(address.host());
    }
    channel = DatagramChannel.open();
    try {
      channel.setOption(java.net.StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES);
      channel.connect(target);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    receiver = Thread.ofPlatform().daemon().name("mayfly-counter-receive").unstarted(this::receive);
  }

  void start() {
    receiver.start();
  }

  boolean isHealthy() {
    return silences.get() < SILENCES_MAX;
  }

  /** Sends a frame; it ends with an answer, in {@link #onTimeout}, or at once. */
  void send(int id, SentFrame frame) {
    sent.put(id, frame);
    try {
      int written = channel.write(ByteBuffer.wrap(frame.frame().encode(id)));
      if (written == 0) {
        end(id, CounterException.of(Reason.OVERLOADED));
      }
    } catch (PortUnreachableException e) {
      onUnreachable(e);
    } catch (IOException e) {
      end(id, new CounterException(Reason.UNREACHABLE, address + ": " + e.getMessage(), e));
    }
  }

  /** The time for an answer is over. */
  void onTimeout(int id) {
    if (end(id, new CounterException(Reason.TIMED_OUT, address + ": no answer in time"))) {
      silences.incrementAndGet();
    }
  }

  private boolean end(int id, CounterException failure) {
    SentFrame frame = sent.remove(id);
    if (frame != null) {
      frame.fail(failure);
    }
    return frame != null;
  }

  /** Nobody listens: what waits for an answer will not get one. */
  private void onUnreachable(PortUnreachableException e) {
    silences.set(SILENCES_MAX);
    CounterException failure =
        new CounterException(Reason.UNREACHABLE, address + ": nobody listens there", e);
    List<Integer> ids = new ArrayList<>(sent.keySet());
    ids.forEach(id -> end(id, failure));
  }

  private void receive() {
    ByteBuffer buffer = ByteBuffer.allocate(REPLY_BYTES_MAX);
    while (channel.isOpen()) {
      try {
        buffer.clear();
        int length = channel.read(buffer);
        onReply(buffer.array(), length);
      } catch (PortUnreachableException e) {
        onUnreachable(e);
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        // The next datagram may come all the same; whoever waits has a timeout.
        silences.incrementAndGet();
      }
    }
  }

  private void onReply(byte[] reply, int length) {
    if (!CounterFrame.isReply(reply, length)) {
      return;
    }
    int id = CounterFrame.id(reply);
    SentFrame frame = sent.get(id);
    if (frame == null) {
      return;
    }
    List<Object> results;
    try {
      results = frame.frame().results(reply, length);
    } catch (FrameReader.MalformedException e) {
      // Not from our server, or spoilt on the way: the right answer may follow.
      return;
    }
    if (sent.remove(id, frame)) {
      silences.set(0);
      frame.complete(results);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // What waited is told so below, whatever became of the socket.
      silences.set(SILENCES_MAX);
    }
    List<Integer> ids = new ArrayList<>(sent.keySet());
    ids.forEach(id -> end(id, CounterException.of(Reason.CLOSED)));
  }
}

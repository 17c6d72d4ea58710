package dev.mayfly.stress;

import dev.mayfly.client.ServerAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lines over a unix socket, each of its own. Safe for concurrent use. Owns a thread, which closes
 * those whose answer is overdue: the system knows no time-out for a channel that blocks.
 */
final class UnixLines implements Lines {
  private static final int LOOKS_PER_TIMEOUT = 8;

  private final ServerAddress.Unix address;
  private final SocketLines.Speaker speaker;
  private final Set<Reading> open = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("mayfly-stress-overdue").factory());

  UnixLines(ServerAddress.Unix address, Duration timeout, SocketLines.Speaker speaker) {
    this.address = address;
    this.speaker = speaker;
    long nanos = Math.max(1_000_000, timeout.toNanos() / LOOKS_PER_TIMEOUT);
    var _ =
        watch.scheduleWithFixedDelay(
            () -> open.forEach(Reading::look), nanos, nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public Line open() throws IOException {
    if (!Files.exists(address.path())) {
      throw new IOException("socket file '" + address.path() + "' not found");
    }
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(address.path()));
      Reading reading = new Reading(channel);
      OutputStream out = Channels.newOutputStream(channel);
      Line line = speaker.over(new Wire(reading, out, reading));
      open.add(reading);
      return line;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public void close() {
    watch.shutdownNow();
    // Each line closes its own channel.
  }

  /** What comes in, or is overdue. Read by one thread, looked at by another. */
  private final class Reading extends InputStream {
    private static final int IDLE = -1;

    private final SocketChannel channel;
    private final InputStream in;

    /** How often it was looked at while it waited for the bytes that it waits for. */
    private final AtomicInteger looks = new AtomicInteger(IDLE);

    Reading(SocketChannel channel) {
      this.channel = channel;
      in = Channels.newInputStream(channel);
    }

    void look() {
      if (looks.updateAndGet(count -> count == IDLE ? IDLE : count + 1) > LOOKS_PER_TIMEOUT) {
        try {
          channel.close();
        } catch (IOException e) {
          // Whoever reads hears of it.
          return;
        }
      }
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      looks.set(0);
      try {
        return in.read(into, offset, length);
      } catch (AsynchronousCloseException e) {
        throw looks.get() > LOOKS_PER_TIMEOUT ? new SocketTimeoutException("no answer in time") : e;
      } finally {
        looks.set(IDLE);
      }
    }

    @Override
    public void close() throws IOException {
      open.remove(this);
      channel.close();
    }
  }
}

package dev.mayfly.counter;

import dev.mayfly.counter.socket.BatchSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Datagrams by the system's own calls, on one thread: it receives what has come, answers each in
 * its place, and sends the answers together. Nothing is allocated for a datagram. It owns the
 * thread and the socket.
 */
final class BatchedDatagrams implements Datagrams {
  /** How many are received and sent by one call. */
  static final int DATAGRAMS_MAX = 64;

  private static final System.Logger LOG = System.getLogger(BatchedDatagrams.class.getName());
  private static final long CLOSE_MILLIS = 2_000;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final BatchSocket socket;
  private final DatagramAnswers answers;
  private final int port;
  private final Thread thread;
  private volatile boolean closing;

  private BatchedDatagrams(BatchSocket socket, DatagramAnswers answers) throws IOException {
    this.socket = socket;
    this.answers = answers;
    port = socket.localAddress().getPort();
    thread = Thread.ofPlatform().daemon().name("mayfly-counter-datagrams").unstarted(this::run);
  }

  static Datagrams open(InetSocketAddress address, DatagramAnswers answers) throws IOException {
    BatchSocket socket =
        new BatchSocket(address, DATAGRAMS_MAX, DatagramAnswers.BYTES_MAX, SOCKET_BUFFER_BYTES);
    try {
      BatchedDatagrams datagrams = new BatchedDatagrams(socket, answers);
      datagrams.thread.start();
      return datagrams;
    } catch (IOException | RuntimeException | Error e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public boolean send(byte[] packet, InetSocketAddress to) {
    return socket.send(packet, to);
  }

  private void run() {
    while (!closing) {
      try {
        int received = socket.receive();
        if (!closing) {
          answer(received);
        }
      } catch (IOException e) {
        LOG.log(System.Logger.Level.ERROR, "datagrams cannot be received", e);
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private void answer(int received) {
    for (int place = 0; place < received; place++) {
      try {
        answerOne(place);
      } catch (RuntimeException | Error e) {
        LOG.log(System.Logger.Level.ERROR, "a datagram failed", e);
      }
    }
    answers.end(socket.flush(received));
  }

  private void answerOne(int place) {
    int length = answers.answer(socket.request(place, answers.request()));
    if (length == DatagramAnswers.LISTING) {
      InetSocketAddress sender = socket.sender(place);
      answers.list(
          answer -> {
            var _ = socket.send(answer, sender);
          });
    } else if (length > 0) {
      socket.answer(place, answers.reply(), answers.differing(length), length);
    }
  }

  @Override
  public boolean end() {
    closing = true;
    try {
      socket.wake();
      thread.join(CLOSE_MILLIS);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "the thread of datagrams ends by itself", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      LOG.log(System.Logger.Level.WARNING, "the thread of datagrams did not end in time");
      return false;
    }
    socket.close();
    return true;
  }
}

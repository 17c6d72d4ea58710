package dev.mayfly.resp;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Messages that nobody asked for, on their way to the event loop of the client that gets them:
 * bounded in bytes, and taken out many at a time.
 *
 * <p>Any thread puts messages in; only the event loop takes them out.
 */
final class Inbox {
  /** What a message takes beside its bytes. */
  private static final int OVERHEAD_BYTES = 48;

  private final long bytesMax;
  private final Queue<byte[]> messages = new ConcurrentLinkedQueue<>();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicBoolean isAwaited = new AtomicBoolean();

  Inbox(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Puts a message in; returns whether there was room. */
  boolean put(byte[] message) {
    long more = (long) message.length + OVERHEAD_BYTES;
    if (bytes.addAndGet(more) > bytesMax) {
      bytes.addAndGet(-more);
      return false;
    }
    messages.add(message);
    return true;
  }

  /** Whether whoever put a message in has to see to it that they are taken out. */
  boolean isToBeAwaited() {
    return isAwaited.compareAndSet(false, true);
  }

  /** Messages that come from here on have to be awaited again. */
  void begin() {
    isAwaited.set(false);
  }

  /** The next message; null when there is none. */
  byte @Nullable [] take() {
    byte[] message = messages.poll();
    if (message != null) {
      bytes.addAndGet(-message.length - (long) OVERHEAD_BYTES);
    }
    return message;
  }
}

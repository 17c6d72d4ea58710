package dev.mayfly.grpc;

import dev.mayfly.transport.OutputMemory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The memory of what calls were told and their clients have not taken, all connections together.
 *
 * <p>grpc-java keeps a message in memory until its client has room for it, however many there are.
 * So a call whose reply may be large waits while there is much of that (see {@link
 * ConnectionReplies}), and so does a stream of events; other calls, but for those with the smallest
 * replies, wait while there is twice as much. As long as somebody waits, calls are ended that have
 * had the same to take for {@link GrpcConfig.Outgoing#timeout}, and somewhat longer.
 *
 * <p>Safe for concurrent use; no locks.
 */
final class ReplyMemory {
  /** Replies of up to so many bytes never wait: the bound of open calls is theirs. */
  static final int SMALL_BYTES = 1 << 10;

  /** From how many bytes on a reply is large, and waits as soon as the memory is short. */
  static final int LARGE_BYTES = 64 << 10;

  /** Of which part of the memory one reply may take at most while it is made. */
  private static final int EXPECTED_PART = 4;

  private final OutputMemory memory;
  private final long pauseBytes;
  private final long expectedMax;
  private final GrpcMetrics metrics;
  private final Set<ConnectionReplies> connections = ConcurrentHashMap.newKeySet();

  ReplyMemory(GrpcConfig.Outgoing config, GrpcMetrics metrics) {
    memory = new OutputMemory(config.bytesMax(), config.timeout().toMillis(), this::look);
    pauseBytes = config.pauseBytes();
    expectedMax = config.bytesMax() / EXPECTED_PART;
    this.metrics = metrics;
  }

  /** What a new connection's client has to take. */
  ConnectionReplies connect(EventExecutor loop) {
    ConnectionReplies replies = new ConnectionReplies(memory, loop, pauseBytes, expectedMax);
    connections.add(replies);
    return replies;
  }

  /** The connection is closed. */
  void disconnect(ConnectionReplies replies) {
    connections.remove(replies);
  }

  private void look(long number) {
    connections.forEach(
        each -> {
          for (CallReplies call : each.untaken()) {
            if (call.isStuck(number)) {
              metrics.onReplyCut();
              call.cut();
            }
          }
        });
  }

  /** A place of its own among those who wait, for streams that look again by themselves. */
  Room room() {
    return new Room();
  }

  long taken() {
    return memory.taken();
  }

  int awaited() {
    return memory.awaited();
  }

  /** Tells the streams of a loop whether they may add large messages. Safe for concurrent use. */
  final class Room implements OutputMemory.Waiter {
    private final AtomicBoolean waits = new AtomicBoolean();

    private Room() {}

    /** Whether there is some. To have asked in vain counts as waiting for it. */
    boolean isThere() {
      if (!memory.isShort()) {
        return true;
      }
      if (waits.compareAndSet(false, true)) {
        memory.await(this);
      }
      return false;
    }

    @Override
    public void onRoom() {
      waits.set(false);
      memory.passOn();
    }

    @Override
    public void after(long millis, Runnable task) {
      var _ = GlobalEventExecutor.INSTANCE.schedule(task, millis, TimeUnit.MILLISECONDS);
    }
  }
}

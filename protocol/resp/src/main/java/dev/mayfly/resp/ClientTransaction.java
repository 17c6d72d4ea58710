package dev.mayfly.resp;

import dev.mayfly.store.MemoryBudget;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The transaction of one client: put together from WATCH and MULTI on, executed by EXEC.
 *
 * <p>Confined to the thread that serves the connection, but for {@link #size}: CLIENT LIST of
 * others reads it.
 */
final class ClientTransaction {
  /** What a command takes as objects, besides its name, and what an argument does. */
  private static final long COMMAND_OVERHEAD_BYTES = 64;

  private static final int ARGUMENT_OVERHEAD_BYTES = 24;

  /** A command that is not executed yet. */
  record Queued(Command command, Arguments arguments) {}

  /**
   * What was put together, when it is to be executed.
   *
   * @param commands in order
   * @param watched are the receiver's, who closes them
   * @param isSpoilt whether it cannot be executed
   */
  record Whole(List<Queued> commands, WatchedKeys watched, boolean isSpoilt) {}

  private final MemoryBudget input;
  private @Nullable List<Queued> queue;
  private volatile int size = -1;
  private long queuedBytes;
  private boolean spoilt;
  private boolean executing;
  private final KeptBytes kept;
  private WatchedKeys watched;

  /** None yet; what is queued takes memory there. */
  ClientTransaction(MemoryBudget input, KeptBytes kept) {
    this.input = input;
    this.kept = kept;
    watched = new WatchedKeys(kept);
  }

  /** Whether commands are queued. */
  boolean isOpen() {
    return queue != null;
  }

  /** The commands that are queued. */
  List<Queued> commands() {
    return queue == null ? List.of() : List.copyOf(queue);
  }

  /** How many commands are queued; -1: none are to be. */
  int size() {
    return size;
  }

  /** Commands are queued from here on. */
  void open() {
    queue = new ArrayList<>();
    size = 0;
    spoilt = false;
  }

  /** Queues a command; returns why it does not fit, if so. */
  @Nullable String enqueue(Queued more, long bytesMax) {
    long bytes = COMMAND_OVERHEAD_BYTES + more.arguments().name().length;
    for (byte[] value : more.arguments().values()) {
      bytes += value.length + ARGUMENT_OVERHEAD_BYTES;
    }
    List<Queued> open = queue;
    if (open == null || queuedBytes + bytes > bytesMax) {
      return "ERR the queued commands exceed " + bytesMax + " bytes";
    }
    if (!input.tryTake(bytes)) {
      return Texts.inputExceeds(input.bytesMax());
    }
    queuedBytes += bytes;
    open.add(more);
    size = open.size();
    return null;
  }

  /** It cannot be executed any more. */
  void spoil() {
    spoilt = true;
  }

  /** The keys that are watched for it. */
  WatchedKeys watched() {
    return watched;
  }

  /** Ends it, to be executed; null when none was open. */
  @Nullable Whole take() {
    List<Queued> commands = queue;
    if (commands == null) {
      return null;
    }
    Whole whole = new Whole(commands, watched, spoilt);
    watched = new WatchedKeys(kept);
    discard();
    return whole;
  }

  /** Forgets it, and what was watched for it. */
  void discard() {
    input.giveBack(queuedBytes);
    queuedBytes = 0;
    queue = null;
    size = -1;
    watched.close();
  }

  /** Whether the commands of one are being executed just now. */
  boolean isExecuting() {
    return executing;
  }

  void executing(boolean executing) {
    this.executing = executing;
  }
}

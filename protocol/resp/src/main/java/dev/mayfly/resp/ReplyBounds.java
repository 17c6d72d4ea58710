package dev.mayfly.resp;

import dev.mayfly.store.AppendRequest;
import dev.mayfly.store.DecimalResult;
import dev.mayfly.store.DeleteResult;
import dev.mayfly.store.Entry;
import dev.mayfly.store.ExpireResult;
import dev.mayfly.store.LockResult;
import dev.mayfly.store.NumberResult;
import dev.mayfly.store.Operation;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.SetBitRequest;
import dev.mayfly.store.SetRangeRequest;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.SetResult;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.UnlockResult;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a transaction whose reply would be too large, before anything is done or copied.
 * Stateless.
 */
final class ReplyBounds {
  /** The digits of any number that a value can hold. */
  private static final int NUMBER_BYTES_MAX = 320;

  private ReplyBounds() {}

  static RespException exceeded(long bytesMax) {
    return new RespException("ERR the reply exceeds %d bytes".formatted(bytesMax));
  }

  /**
   * Refuses what may tell more bytes than this. An estimate from above, as long as nobody else
   * writes the same keys meanwhile.
   */
  static void require(
      List<Operation> operations, RespStore store, Stamp stamp, long replyBytesMax) {
    long valueBytesMax = store.keyspace().bounds().valueBytesMax();
    long parts = 0;
    for (Operation operation : operations) {
      parts += operation instanceof Operation.Group group ? group.operations().size() : 1;
    }
    if (parts * valueBytesMax <= replyBytesMax) {
      return;
    }
    new Estimate(store, stamp, replyBytesMax).add(operations);
  }

  /**
   * Whether the reply to a command may have so many bytes of values or of names of keys. An
   * estimate from above, by the values that there are now.
   */
  static boolean mayTell(
      int bytes, Command command, Arguments arguments, Session session, RespStore store) {
    if (session.transaction().isOpen()) {
      return command.name().equals("exec")
          && mayTell(bytes, session.transaction().commands(), session, store);
    }
    return command.tellsMuch() && told(command, arguments, session, store) >= bytes;
  }

  private static boolean mayTell(
      int bytes, List<ClientTransaction.Queued> queued, Session session, RespStore store) {
    long told = 0;
    for (ClientTransaction.Queued each : queued) {
      if (each.command().tellsMuch()) {
        told += told(each.command(), each.arguments(), session, store);
      }
      if (told >= bytes) {
        return true;
      }
    }
    return false;
  }

  /** Without a key it is of all keys. */
  private static long told(Command command, Arguments arguments, Session session, RespStore store) {
    if (command.firstKey() == 0) {
      return Integer.MAX_VALUE;
    }
    long told = 0;
    for (byte[] key : CommandTable.keys(command, arguments)) {
      told += size(new ByteKey(key), store, session.stamp());
    }
    return told;
  }

  /** What a transaction may tell, operation by operation. */
  private static final class Estimate {
    private final Map<ByteKey, Long> sizes = new HashMap<>();
    private final RespStore store;
    private final Stamp stamp;
    private final long replyBytesMax;
    private final long valueBytesMax;
    private long told;

    Estimate(RespStore store, Stamp stamp, long replyBytesMax) {
      this.store = store;
      this.stamp = stamp;
      this.replyBytesMax = replyBytesMax;
      valueBytesMax = store.keyspace().bounds().valueBytesMax();
    }

    void add(List<Operation> operations) {
      for (Operation operation : operations) {
        switch (operation) {
          case Operation.Read read -> tell(read.request().key());
          case Operation.Write write -> {
            long before = tell(write.request().key());
            long after = Math.min(valueBytesMax, after(write, before));
            sizes.put(new ByteKey(write.request().key()), after);
          }
          case Operation.Transfer transfer ->
              sizes.put(
                  new ByteKey(transfer.request().target()),
                  Math.max(
                      sizeOf(transfer.request().source()), sizeOf(transfer.request().target())));
          case Operation.Group group -> add(group.operations());
        }
      }
    }

    private long sizeOf(byte[] key) {
      return sizes.computeIfAbsent(new ByteKey(key), k -> size(k, store, stamp));
    }

    private long tell(byte[] key) {
      long size = sizeOf(key);
      told += size;
      if (told > replyBytesMax) {
        throw exceeded(replyBytesMax);
      }
      return size;
    }
  }

  private static long size(ByteKey key, RespStore store, Stamp stamp) {
    if (key.bytes().length == 0 || key.bytes().length > store.keyspace().bounds().keyBytesMax()) {
      return 0;
    }
    Entry entry = store.keyspace().read(ReadRequest.metadata(key.bytes()), stamp);
    return entry == null ? 0 : entry.size();
  }

  private static long after(Operation.Write write, long before) {
    return switch (write.request()) {
      case SetRequest set -> Math.max(before, set.value().length);
      case AppendRequest append -> before + append.tail().length;
      case SetRangeRequest range -> Math.max(before, range.offset() + range.part().length);
      case SetBitRequest bit -> Math.max(before, bit.bit() / Byte.SIZE + 1);
      default -> Math.max(before, NUMBER_BYTES_MAX);
    };
  }

  /** The revision of a mutation, where its result tells it; else 0. */
  static long revision(@Nullable Object result) {
    return switch (result) {
      case SetResult set -> set.revision();
      case DeleteResult delete -> delete.revision();
      case NumberResult number -> number.revision();
      case DecimalResult decimal -> decimal.revision();
      case ExpireResult expire -> expire.revision();
      case LockResult lock -> lock.revision();
      case UnlockResult unlock -> unlock.revision();
      case null, default -> 0;
    };
  }
}

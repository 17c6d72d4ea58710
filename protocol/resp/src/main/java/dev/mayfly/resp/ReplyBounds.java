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
    if (operations.size() * valueBytesMax <= replyBytesMax) {
      return;
    }
    Map<ByteKey, Long> sizes = new HashMap<>();
    long told = 0;
    for (Operation operation : operations) {
      ByteKey key = new ByteKey(operation.key());
      long before = sizes.computeIfAbsent(key, k -> size(k, store, stamp));
      told += before;
      if (told > replyBytesMax) {
        throw exceeded(replyBytesMax);
      }
      if (operation instanceof Operation.Write write) {
        sizes.put(key, Math.min(valueBytesMax, after(write, before)));
      }
    }
  }

  private static long size(ByteKey key, RespStore store, Stamp stamp) {
    if (key.bytes().length == 0) {
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

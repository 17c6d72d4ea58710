package dev.mayfly.grpc;

import com.google.protobuf.ByteString;
import dev.mayfly.api.v1.GetRequest;
import dev.mayfly.api.v1.Operation;
import dev.mayfly.api.v1.SetRequest;
import dev.mayfly.api.v1.TransactRequest;
import dev.mayfly.store.Entry;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.Keyspace;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.Stamp;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many bytes calls tell that tell values: by the values of now, which others may replace before
 * the call is run. Immutable; safe for concurrent use.
 */
final class ValueSizes {
  private final Keyspace keyspace;
  private final long replyBytesMax;

  /**
   * @param replyBytesMax how many bytes of values one reply may tell
   */
  ValueSizes(Keyspace keyspace, long replyBytesMax) {
    this.keyspace = keyspace;
    this.replyBytesMax = replyBytesMax;
  }

  /** The value of a key, 0 if there is none. */
  long of(String key, Stamp stamp) {
    return of(KeyCalls.bytes(key), stamp);
  }

  /** The value of a key, 0 if there is none. */
  long of(ByteString key, Stamp stamp) {
    return of(key.toByteArray(), stamp);
  }

  private long of(byte[] key, Stamp stamp) {
    if (key.length == 0 || key.length > keyspace.bounds().keyBytesMax()) {
      return 0;
    }
    Entry entry = keyspace.read(ReadRequest.metadata(key), stamp);
    return entry == null ? 0 : entry.size();
  }

  /** A value of which only the most is known. */
  long most() {
    return keyspace.bounds().valueBytesMax();
  }

  /** What a write tells of the value before it. */
  long of(SetRequest request, Stamp stamp) {
    return request.getPreviousWanted() ? of(request.getKey(), stamp) : 0;
  }

  /** The larger half of a transaction, its values and the parts that tell them. */
  long of(TransactRequest request, Stamp stamp) {
    return values(request, stamp) + parts(request) * ReplySize.PART_BYTES;
  }

  private static long parts(TransactRequest request) {
    return Math.max(request.getThenCount(), request.getElseCount());
  }

  private long values(TransactRequest request, Stamp stamp) {
    return Math.max(told(request.getThenList(), stamp), told(request.getElseList(), stamp));
  }

  private long told(List<Operation> operations, Stamp stamp) {
    Map<ByteString, Long> sizes = new HashMap<>();
    long told = 0;
    for (Operation operation : operations) {
      switch (operation.getKindCase()) {
        case GET -> {
          GetRequest get = operation.getGet();
          told += get.getMetadataOnly() ? 0 : size(get.getKey(), sizes, stamp);
        }
        case SET -> {
          SetRequest set = operation.getSet();
          long before = size(set.getKey(), sizes, stamp);
          told += set.getPreviousWanted() ? before : 0;
          // It may not be set, by its condition.
          sizes.put(set.getKey(), Math.max(before, set.getValue().size()));
        }
        default -> {}
      }
    }
    return told;
  }

  private long size(ByteString key, Map<ByteString, Long> sizes, Stamp stamp) {
    return sizes.computeIfAbsent(key, absent -> of(absent, stamp));
  }

  /** Refuses a transaction that would tell too much, before anything is done or copied. */
  void require(TransactRequest request, Stamp stamp) {
    if (parts(request) * most() > replyBytesMax && values(request, stamp) > replyBytesMax) {
      throw new MayflyException(
          ErrorCode.OVERLOADED,
          "the answer would have more than %d bytes: ask for less".formatted(replyBytesMax));
    }
  }
}

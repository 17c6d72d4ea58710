package dev.mayfly.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.UnsafeByteOperations;
import dev.mayfly.api.keyquarry.DeleteRequest;
import dev.mayfly.api.keyquarry.DeleteResponse;
import dev.mayfly.api.keyquarry.ExistsResponse;
import dev.mayfly.api.keyquarry.GetResponse;
import dev.mayfly.api.keyquarry.GetRevisionRequest;
import dev.mayfly.api.keyquarry.Key;
import dev.mayfly.api.keyquarry.KeyValue;
import dev.mayfly.api.keyquarry.PopRequest;
import dev.mayfly.api.keyquarry.RevisionResponse;
import dev.mayfly.api.keyquarry.SetResponse;
import dev.mayfly.store.Condition;
import dev.mayfly.store.Entry;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.HistoryRequest;
import dev.mayfly.store.Keyspace;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.PastValue;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.ReservedEntries;
import dev.mayfly.store.Rules;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.SetResult;
import dev.mayfly.store.Stamp;
import org.jspecify.annotations.Nullable;

/** The calls of {@code keyquarry} about one key's value. Immutable; safe for concurrent use. */
final class KeyCalls {
  private static final SetResponse CREATED =
      SetResponse.newBuilder().setSuccess(true).setIsNew(true).build();
  private static final SetResponse SET = SetResponse.newBuilder().setSuccess(true).build();
  private static final DeleteResponse DELETED =
      DeleteResponse.newBuilder().setDeleted(true).build();
  private static final ExistsResponse EXISTS = ExistsResponse.newBuilder().setExists(true).build();

  private final Keyspace keyspace;
  private final ReservedEntries reserved;
  private final KeyWrites writes;
  private final Rules rules;

  KeyCalls(Keyspace keyspace, ReservedEntries reserved, Rules rules) {
    this.keyspace = keyspace;
    this.reserved = reserved;
    this.rules = rules;
    writes = new KeyWrites(keyspace);
  }

  SetResponse set(KeyValue request, Stamp stamp) {
    String contentType = request.getContentType();
    SetRequest set =
        new SetRequest(
            bytes(request.getKey()),
            request.getValue().toByteArray(),
            contentType.isEmpty() ? null : contentType,
            Condition.ALWAYS,
            request.hasLifespan()
                ? Lifespan.ofMillis(WireTimes.millis(request.getLifespan()))
                : Lifespan.UNSTATED,
            request.hasLockDuration() ? LockCalls.lockMillis(request.getLockDuration()) : 0,
            false,
            rules);
    SetResult result = writes.create(set, stamp);
    return result.created() ? CREATED : SET;
  }

  GetResponse get(Key request, Stamp stamp) {
    return value(require(read(ReadRequest.value(bytes(request.getKey())), stamp)));
  }

  ExistsResponse exists(Key request, Stamp stamp) {
    ReadRequest read = ReadRequest.metadata(bytes(request.getKey()));
    return read(read, stamp) == null ? ExistsResponse.getDefaultInstance() : EXISTS;
  }

  private @Nullable Entry read(ReadRequest request, Stamp stamp) {
    Entry virtual = reserved.read(request.key());
    return virtual == null ? keyspace.read(request, stamp) : virtual;
  }

  DeleteResponse delete(DeleteRequest request, Stamp stamp) {
    var delete = dev.mayfly.store.DeleteRequest.of(bytes(request.getKey()));
    if (!writes.change(delete, stamp).deleted()) {
      throw new RefusedException(GrpcErrors.KEY_NOT_FOUND);
    }
    return DELETED;
  }

  GetResponse pop(PopRequest request, Stamp stamp) {
    var pop = new dev.mayfly.store.PopRequest(bytes(request.getKey()));
    return value(require(writes.change(pop, stamp)));
  }

  RevisionResponse revision(GetRevisionRequest request, Stamp stamp) {
    if (rules.historyMax() == 0) {
      throw new MayflyException(ErrorCode.VERSIONING_OFF, ErrorCode.VERSIONING_OFF.summary());
    }
    HistoryRequest history = new HistoryRequest(bytes(request.getKey()), request.getVersion());
    PastValue past = keyspace.history(history, stamp);
    return RevisionResponse.newBuilder()
        .setValue(UnsafeByteOperations.unsafeWrap(past.value()))
        .setTimestamp(WireTimes.timestamp(past.timeMillis()))
        .build();
  }

  static byte[] bytes(String key) {
    return key.getBytes(UTF_8);
  }

  static Entry require(@Nullable Entry entry) {
    if (entry == null) {
      throw new RefusedException(GrpcErrors.KEY_NOT_FOUND);
    }
    return entry;
  }

  private static GetResponse value(Entry entry) {
    // The store gave the array away: nobody writes to it any more.
    return GetResponse.newBuilder()
        .setValue(UnsafeByteOperations.unsafeWrap(entry.value()))
        .build();
  }
}

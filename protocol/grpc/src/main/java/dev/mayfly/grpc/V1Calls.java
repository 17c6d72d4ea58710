package dev.mayfly.grpc;

import com.google.protobuf.UnsafeByteOperations;
import dev.mayfly.api.v1.CompareAndSetRequest;
import dev.mayfly.api.v1.CompareAndSetResponse;
import dev.mayfly.api.v1.DeleteRequest;
import dev.mayfly.api.v1.DeleteResponse;
import dev.mayfly.api.v1.GetRequest;
import dev.mayfly.api.v1.GetResponse;
import dev.mayfly.api.v1.IncrementRequest;
import dev.mayfly.api.v1.IncrementResponse;
import dev.mayfly.api.v1.SetRequest;
import dev.mayfly.api.v1.SetResponse;
import dev.mayfly.store.Condition;
import dev.mayfly.store.DeleteResult;
import dev.mayfly.store.Entry;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.Keyspace;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.NumberResult;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.ReservedEntries;
import dev.mayfly.store.SetResult;
import dev.mayfly.store.Stamp;
import org.jspecify.annotations.Nullable;

/** The calls of {@code mayfly.v1} about one key. Immutable; safe for concurrent use. */
final class V1Calls {
  private final Keyspace keyspace;
  private final ReservedEntries reserved;
  private final V1Requests requests;

  V1Calls(GrpcStore store, V1Requests requests) {
    keyspace = store.keyspace();
    reserved = store.reserved();
    this.requests = requests;
  }

  GetResponse get(GetRequest request, Stamp stamp) {
    ReadRequest read = V1Requests.read(request);
    Entry virtual = reserved.read(read.key());
    return got(read.key(), virtual == null ? keyspace.read(read, stamp) : virtual);
  }

  SetResponse set(SetRequest request, Stamp stamp) {
    return set(keyspace.apply(requests.set(request), stamp));
  }

  CompareAndSetResponse compareAndSet(CompareAndSetRequest request, Stamp stamp) {
    long expected = request.getExpectedRevision();
    if (expected < 0) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID,
          "expected revision %d: expected at least 0".formatted(expected));
    }
    byte[] key = request.getKey().toByteArray();
    SetResult result =
        keyspace.apply(
            new dev.mayfly.store.SetRequest(
                key,
                request.getValue().toByteArray(),
                V1Requests.contentType(request.getContentType()),
                expected == 0 ? Condition.IF_ABSENT : Condition.ifRevision(expected),
                request.hasLifespan() ? V1Requests.lifespan(request.getLifespan()) : Lifespan.KEEP,
                0,
                false,
                requests.rules()),
            stamp);
    CompareAndSetResponse.Builder reply =
        CompareAndSetResponse.newBuilder()
            .setSwapped(result.applied())
            .setRevision(result.revision());
    Entry current = result.applied() ? null : keyspace.read(ReadRequest.value(key), stamp);
    if (current != null) {
      reply.setCurrent(EntryMessages.entry(key, current, true)).setRevision(current.revision());
    }
    return reply.build();
  }

  DeleteResponse delete(DeleteRequest request, Stamp stamp) {
    return deleted(keyspace.apply(V1Requests.delete(request), stamp));
  }

  IncrementResponse increment(IncrementRequest request, Stamp stamp) {
    return incremented(keyspace.apply(requests.increment(request), stamp));
  }

  static GetResponse got(byte[] key, @Nullable Entry entry) {
    return entry == null
        ? GetResponse.getDefaultInstance()
        : GetResponse.newBuilder().setEntry(EntryMessages.entry(key, entry, true)).build();
  }

  static SetResponse set(SetResult result) {
    SetResponse.Builder reply =
        SetResponse.newBuilder()
            .setApplied(result.applied())
            .setCreated(result.created())
            .setRevision(result.revision());
    byte[] previous = result.previous();
    if (previous != null) {
      reply.setPrevious(UnsafeByteOperations.unsafeWrap(previous));
    }
    return reply.build();
  }

  static DeleteResponse deleted(DeleteResult result) {
    return DeleteResponse.newBuilder()
        .setDeleted(result.deleted())
        .setExisted(result.existed())
        .setRevision(result.revision())
        .build();
  }

  static IncrementResponse incremented(NumberResult result) {
    return IncrementResponse.newBuilder()
        .setNumber(result.number())
        .setCreated(result.created())
        .setRevision(result.revision())
        .build();
  }
}

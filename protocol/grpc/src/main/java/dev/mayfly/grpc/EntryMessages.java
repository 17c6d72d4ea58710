package dev.mayfly.grpc;

import com.google.protobuf.UnsafeByteOperations;
import dev.mayfly.api.v1.LockState;
import dev.mayfly.store.Entry;
import dev.mayfly.store.Lock;

/** Entries in the form of {@code mayfly.v1}. Stateless. */
final class EntryMessages {
  private EntryMessages() {}

  /**
   * An entry.
   *
   * @param valueTold whether its value is in it, and is to be told
   */
  static dev.mayfly.api.v1.Entry entry(byte[] key, Entry entry, boolean valueTold) {
    dev.mayfly.api.v1.Entry.Builder told =
        dev.mayfly.api.v1.Entry.newBuilder()
            .setKey(UnsafeByteOperations.unsafeWrap(key))
            .setSize(entry.size())
            .setRevision(entry.revision())
            .setVersion(entry.version())
            .setCreated(WireTimes.timestamp(entry.createdMillis()));
    String contentType = entry.contentType();
    if (contentType != null || entry.value().length == entry.size()) {
      told.setContentType(InspectCalls.contentType(contentType, entry.value()));
    }
    if (valueTold) {
      told.setValue(UnsafeByteOperations.unsafeWrap(entry.value()));
    }
    if (entry.updatedMillis() != 0) {
      told.setUpdated(WireTimes.timestamp(entry.updatedMillis()));
    }
    if (entry.deadlineMillis() != 0) {
      told.setDeadline(WireTimes.timestamp(entry.deadlineMillis()));
    }
    told.setLease(entry.lease());
    Lock lock = entry.lock();
    if (lock != null) {
      told.setLock(
          LockState.newBuilder()
              .setOwner(lock.owner())
              .setFencingToken(lock.token())
              .setDeadline(WireTimes.timestamp(lock.deadlineMillis())));
    }
    return told.build();
  }
}

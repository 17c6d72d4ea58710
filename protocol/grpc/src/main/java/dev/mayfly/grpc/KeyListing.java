package dev.mayfly.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mayfly.api.keyquarry.ListKeysResponse;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.Keyspace;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.MemoryBudget;
import dev.mayfly.store.ReservedEntries;
import dev.mayfly.store.ScanPage;
import dev.mayfly.store.ScanPage.ScannedEntry;
import dev.mayfly.store.ScanRequest;
import dev.mayfly.store.Stamp;
import io.grpc.Metadata;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One {@code ListKeys} on its way through the keys. Confined to one thread at a time. */
final class KeyListing implements SteppedHandler.Progress<ListKeysResponse> {
  static final int STEP_ENTRIES = 1000;
  static final Metadata.Key<String> OMITTED =
      Metadata.Key.of("keys-omitted", Metadata.ASCII_STRING_MARSHALLER);

  /** What a key takes beside its bytes: a string, its array, a place in the list, the encoding. */
  private static final int KEY_OVERHEAD_BYTES = 64;

  private final Keyspace keyspace;
  private final MemoryBudget memory;
  private final KeyFilter filter;
  private final long limit;
  private final ListKeysResponse.Builder reply = ListKeysResponse.newBuilder();
  private final AtomicLong held = new AtomicLong();
  private long cursor = ScanRequest.START;
  private long omitted;

  /**
   * Begins one.
   *
   * @param reserved the virtual keys that are listed too
   * @param limit at most so many keys; 0: all. Unsigned
   */
  KeyListing(
      Keyspace keyspace,
      ReservedEntries reserved,
      MemoryBudget memory,
      KeyFilter filter,
      long limit) {
    this.keyspace = keyspace;
    this.memory = memory;
    this.filter = filter;
    this.limit = limit <= 0 ? Long.MAX_VALUE : limit;
    for (ScannedEntry entry : reserved.list(filter)) {
      if (reply.getKeysCount() < this.limit) {
        add(entry.key());
      }
    }
  }

  @Override
  public @Nullable ListKeysResponse step(Stamp stamp) {
    ScanPage page = keyspace.scan(new ScanRequest(cursor, filter, STEP_ENTRIES, false), stamp);
    long bytes = 0;
    for (ScannedEntry entry : page.entries()) {
      bytes += entry.key().length + KEY_OVERHEAD_BYTES;
    }
    if (!memory.tryTake(bytes)) {
      throw new MayflyException(
          ErrorCode.OVERLOADED,
          "the answer does not fit beside others into %d bytes: ask for less"
              .formatted(memory.bytesMax()));
    }
    held.addAndGet(bytes);
    for (ScannedEntry entry : page.entries()) {
      if (reply.getKeysCount() < limit) {
        add(entry.key());
      }
    }
    cursor = page.cursor();
    return page.isLast() || reply.getKeysCount() >= limit ? reply.build() : null;
  }

  private void add(byte[] key) {
    try {
      reply.addKeys(UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString());
    } catch (CharacterCodingException e) {
      // Another door wrote it: a text contract cannot name it, but can say that it is there.
      omitted++;
    }
  }

  @Override
  public long bytes() {
    return held.get();
  }

  @Override
  public Metadata trailers() {
    Metadata trailers = new Metadata();
    if (omitted > 0) {
      trailers.put(OMITTED, Long.toString(omitted));
    }
    return trailers;
  }

  @Override
  public void release() {
    memory.giveBack(held.getAndSet(0));
  }
}

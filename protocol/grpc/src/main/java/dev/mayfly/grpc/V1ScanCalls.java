package dev.mayfly.grpc;

import dev.mayfly.api.v1.CountRequest;
import dev.mayfly.api.v1.CountResponse;
import dev.mayfly.api.v1.DeletePrefixRequest;
import dev.mayfly.api.v1.DeletePrefixResponse;
import dev.mayfly.api.v1.ListRequest;
import dev.mayfly.api.v1.ListResponse;
import dev.mayfly.grpc.SteppedHandler.Progress;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.Keyspace;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.ScanPage;
import dev.mayfly.store.ScanRequest;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.SweepPage;
import dev.mayfly.store.SweepRequest;
import org.jspecify.annotations.Nullable;

/** The calls of {@code mayfly.v1} that go through many keys. Immutable. */
final class V1ScanCalls {
  private static final int STEP_ENTRIES = 500;
  private static final int LIST_MAX = 10_000;
  private static final int LIST_DEFAULT = 1000;
  private static final int SWEEP_MAX = 10_000_000;
  private static final int VALUE_STEP_ENTRIES = 16;
  private static final long PAGE_BYTES_MAX = 1 << 20;

  private final Keyspace keyspace;

  V1ScanCalls(Keyspace keyspace) {
    this.keyspace = keyspace;
  }

  Progress<ListResponse> list(ListRequest request, Stamp stamp) {
    KeyFilter filter = filter(request.getPrefix().toByteArray(), request.getPattern());
    int limit = limit(request.getLimit(), LIST_DEFAULT, LIST_MAX);
    return new Listing(filter, cursor(request.getCursor()), limit, request.getValues());
  }

  /** What a listing tells at most. */
  long listBytes(ListRequest request, Stamp stamp) {
    long entries = request.getLimit() > 0 ? request.getLimit() : LIST_MAX;
    long entry = ReplySize.PART_BYTES + keyspace.bounds().keyBytesMax();
    return entries * (request.getValues() ? entry + keyspace.bounds().valueBytesMax() : entry);
  }

  Progress<CountResponse> count(CountRequest request, Stamp stamp) {
    return new Counting(filter(request.getPrefix().toByteArray(), request.getPattern()));
  }

  Progress<DeletePrefixResponse> deletePrefix(DeletePrefixRequest request, Stamp stamp) {
    if (request.getPrefix().isEmpty()) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID, "empty prefix: expected at least one byte");
    }
    KeyFilter filter = KeyFilter.prefix(request.getPrefix().toByteArray());
    int limit = limit(request.getLimit(), Integer.MAX_VALUE, SWEEP_MAX);
    return new Removing(filter, request.getForce(), cursor(request.getCursor()), limit);
  }

  private static KeyFilter filter(byte[] prefix, String pattern) {
    return pattern.isEmpty() ? KeyFilter.prefix(prefix) : KeyFilter.pattern(prefix, pattern);
  }

  private static int limit(int asked, int unasked, int max) {
    if (asked < 0 || asked > max) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID,
          "limit %s: expected at most %d".formatted(Integer.toUnsignedString(asked), max));
    }
    return asked == 0 ? unasked : asked;
  }

  private static long cursor(String text) {
    if (text.isEmpty()) {
      return ScanRequest.START;
    }
    try {
      return Long.parseLong(text, Character.MAX_RADIX);
    } catch (NumberFormatException e) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID, "cursor '%s': expected one of ours".formatted(text), e);
    }
  }

  private static String cursor(long cursor) {
    return cursor == ScanPage.END ? "" : Long.toString(cursor, Character.MAX_RADIX);
  }

  /** One page of a listing. */
  private final class Listing implements Progress<ListResponse> {
    private final KeyFilter filter;
    private final int limit;
    private final boolean values;
    private final ListResponse.Builder reply = ListResponse.newBuilder();
    private long cursor;
    private long bytes;

    Listing(KeyFilter filter, long cursor, int limit, boolean values) {
      this.filter = filter;
      this.cursor = cursor;
      this.limit = limit;
      this.values = values;
    }

    @Override
    public long bytes() {
      // A step has found values before they can be counted.
      long found = values ? VALUE_STEP_ENTRIES * (long) keyspace.bounds().valueBytesMax() : 0;
      return bytes + reply.getEntriesCount() * ReplySize.PART_BYTES + found;
    }

    @Override
    public @Nullable ListResponse step(Stamp stamp) {
      int left = limit - reply.getEntriesCount();
      int step = Math.min(left, values ? VALUE_STEP_ENTRIES : STEP_ENTRIES);
      ScanPage page = keyspace.scan(new ScanRequest(cursor, filter, step, values), stamp);
      for (ScanPage.ScannedEntry found : page.entries()) {
        reply.addEntries(EntryMessages.entry(found.key(), found.entry(), values));
        bytes += found.key().length + found.entry().value().length;
      }
      cursor = page.cursor();
      boolean full = reply.getEntriesCount() >= limit || bytes >= PAGE_BYTES_MAX;
      return page.isLast() || full ? reply.setCursor(cursor(cursor)).build() : null;
    }
  }

  /** A count on its way. */
  private final class Counting implements Progress<CountResponse> {
    private final KeyFilter filter;
    private long cursor = ScanRequest.START;
    private long keys;

    Counting(KeyFilter filter) {
      this.filter = filter;
    }

    @Override
    public @Nullable CountResponse step(Stamp stamp) {
      if (filter.acceptsAll()) {
        return CountResponse.newBuilder().setKeys(keyspace.count(filter, stamp)).build();
      }
      ScanPage page = keyspace.scan(new ScanRequest(cursor, filter, STEP_ENTRIES, false), stamp);
      keys += page.entries().size();
      cursor = page.cursor();
      return page.isLast() ? CountResponse.newBuilder().setKeys(keys).build() : null;
    }
  }

  /** A removal on its way. */
  private final class Removing implements Progress<DeletePrefixResponse> {
    private final KeyFilter filter;
    private final boolean forced;
    private long cursor;
    private long deleted;
    private int left;

    Removing(KeyFilter filter, boolean forced, long cursor, int limit) {
      this.filter = filter;
      this.forced = forced;
      this.cursor = cursor;
      left = limit;
    }

    @Override
    public @Nullable DeletePrefixResponse step(Stamp stamp) {
      int step = Math.min(left, STEP_ENTRIES);
      SweepPage page =
          keyspace.sweep(
              new SweepRequest(cursor, filter, SweepRequest.What.KEYS, forced, step), stamp);
      deleted += page.keys();
      cursor = page.cursor();
      left -= step;
      return page.isLast() || left <= 0
          ? DeletePrefixResponse.newBuilder().setDeleted(deleted).setCursor(cursor(cursor)).build()
          : null;
    }

    @Override
    public boolean isCompletedAlone() {
      return true;
    }
  }
}

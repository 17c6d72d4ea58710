package dev.mayfly.grpc;

import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.Keyspace;
import dev.mayfly.store.ScanRequest;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.SweepPage;
import dev.mayfly.store.SweepRequest;
import org.jspecify.annotations.Nullable;

/**
 * The removal of many keys, or of their history. It goes on to its end though its client may be
 * gone. Confined to one thread at a time.
 */
final class Sweeping<R> implements SteppedHandler.Progress<R> {
  /** Makes the reply. */
  interface Summary<R> {
    /** From how many keys were removed, or had history, and how many versions went. */
    R of(long keys, long versions);
  }

  private static final int STEP_ENTRIES = 500;

  private final Keyspace keyspace;
  private final KeyFilter filter;
  private final SweepRequest.What what;
  private final boolean forced;
  private final Summary<R> summary;
  private long cursor = ScanRequest.START;
  private long keys;
  private long versions;

  Sweeping(
      Keyspace keyspace,
      KeyFilter filter,
      SweepRequest.What what,
      boolean forced,
      Summary<R> summary) {
    this.keyspace = keyspace;
    this.filter = filter;
    this.what = what;
    this.forced = forced;
    this.summary = summary;
  }

  @Override
  public @Nullable R step(Stamp stamp) {
    SweepPage page =
        keyspace.sweep(new SweepRequest(cursor, filter, what, forced, STEP_ENTRIES), stamp);
    keys += page.keys();
    versions += page.versions();
    cursor = page.cursor();
    return page.isLast() ? summary.of(keys, versions) : null;
  }

  @Override
  public boolean isCompletedAlone() {
    return true;
  }
}

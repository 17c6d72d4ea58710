package dev.mayfly.testing;

import static dev.mayfly.testing.ModelChecks.refusal;
import static dev.mayfly.testing.ModelChecks.require;

import dev.mayfly.store.Absence;
import dev.mayfly.store.Accesses;
import dev.mayfly.store.Bounds;
import dev.mayfly.store.Entry;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.EventKind;
import dev.mayfly.store.EventLog;
import dev.mayfly.store.HistoryRequest;
import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.KeyMutation;
import dev.mayfly.store.Keyspace;
import dev.mayfly.store.LockRequest;
import dev.mayfly.store.LockWaiter;
import dev.mayfly.store.LockWaits;
import dev.mayfly.store.PastValue;
import dev.mayfly.store.PruneRequest;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.ReservedKeys;
import dev.mayfly.store.ScanPage;
import dev.mayfly.store.ScanRequest;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.StoreStats;
import dev.mayfly.store.SweepPage;
import dev.mayfly.store.SweepRequest;
import dev.mayfly.store.TransactionRequest;
import dev.mayfly.store.TransactionResult;
import dev.mayfly.store.Transactions;
import dev.mayfly.store.TransferRequest;
import dev.mayfly.store.TransferResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A store as plain as can be: a sorted map, one lock, and the semantics written a second time
 * without the store's transitions, for comparison with a real one.
 *
 * <p>Safe for concurrent use. It knows nothing of bytes and memory, and prunes only when told to.
 */
public final class ModelKeyspace implements Keyspace, Transactions, LockWaits {
  private static final int CLIENTS_MAX = 100_000;

  final StoreLimits limits;
  final TreeMap<String, ModelEntry> entries = new TreeMap<>();

  /** What is kept of keys that are gone: the entry as it was, and since when. */
  private final Map<String, Gone> gone = new HashMap<>();

  private final ModelChecks checks;
  private final ModelEvents events;
  private final ModelWrites writes = new ModelWrites(this);
  private final Set<String> clients = new HashSet<>();
  private final Accesses accesses = new Accesses();
  private final ModelWaits waits = new ModelWaits(this);
  private final ModelScans scans = new ModelScans(this);
  private boolean readOnly;
  private long prunes;
  private long pruned;

  private record Gone(ModelEntry last, long sinceMillis) {}

  /** An empty store whose first mutation gets this revision. */
  public ModelKeyspace(StoreLimits limits, long firstRevision) {
    this.limits = limits;
    checks = new ModelChecks(limits.bounds());
    events = new ModelEvents(firstRevision);
  }

  /** What happened to its keys; never forgets. */
  public EventLog eventLog() {
    return events;
  }

  /** Who reads what, while somebody asks. */
  public Accesses accesses() {
    return accesses;
  }

  static String text(byte[] key) {
    return new String(key, StandardCharsets.ISO_8859_1);
  }

  static byte[] bytes(String key) {
    return key.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The entry of a key at this time, as transitions see it. */
  @Nullable ModelEntry live(String key, long nowMillis) {
    ModelEntry entry = entries.get(key);
    return entry == null || entry.isExpired(nowMillis) ? null : entry;
  }

  /** A new entry; it goes on from kept history. */
  ModelEntry create(String key, long nowMillis) {
    require(limits.keysMax() == 0 || living(nowMillis) < limits.keysMax(), ErrorCode.STORE_FULL);
    ModelEntry entry = new ModelEntry();
    entry.version = 1;
    entry.createdMillis = nowMillis;
    ModelEntry kept = kept(key, nowMillis);
    if (kept != null) {
      entry.version = kept.version + 1;
      entry.older = new ArrayList<>(kept.older);
      entry.tracked = kept.tracked;
    }
    return entry;
  }

  /** How many keys there are: what is past counts against no limit. */
  private long living(long nowMillis) {
    return entries.values().stream().filter(entry -> !entry.isExpired(nowMillis)).count();
  }

  /** What is kept of a key that is gone. */
  private @Nullable ModelEntry kept(String key, long nowMillis) {
    Gone before = gone.get(key);
    return before != null && nowMillis < before.sinceMillis() + limits.deletedHistoryMillis()
        ? before.last()
        : null;
  }

  /** Puts an entry and tells of it; returns the revision. */
  long put(String key, ModelEntry entry, Stamp stamp, List<EventKind> kinds) {
    long revision = events.newestRevision() + 1;
    entry.revision = revision;
    entries.put(key, entry);
    gone.remove(key);
    scans.place(key);
    events.tell(key, entry, stamp, kinds);
    return revision;
  }

  /** Removes an entry and tells of it; returns the revision. */
  long remove(String key, Stamp stamp, List<EventKind> kinds) {
    ModelEntry last = entries.remove(key);
    if (last == null) {
      throw new IllegalStateException("model: no key " + key);
    }
    ModelEntry kept = last.copy();
    if (limits.deletedHistoryMillis() > 0 && kept.tracked) {
      kept.older.add(last.current());
      gone.put(key, new Gone(kept, stamp.timeMillis()));
    }
    events.tell(key, last, stamp, kinds);
    return events.newestRevision();
  }

  /** Lets a key that is not there come and go at once. */
  void pass(String key) {
    events.pass(key);
  }

  /**
   * Ends the lock and the lifespan of a key where their time has come, as one mutation of the store
   * itself.
   *
   * @return whether anything ended
   */
  public synchronized boolean reap(byte[] key, long nowMillis) {
    return reap(text(key), nowMillis);
  }

  boolean reap(String key, long nowMillis) {
    ModelEntry entry = entries.get(key);
    if (entry == null) {
      return false;
    }
    Stamp stamp = new Stamp(nowMillis, ReservedKeys.SYSTEM_CLIENT);
    if (entry.isExpired(nowMillis)) {
      List<EventKind> kinds =
          entry.lock == null
              ? List.of(EventKind.EXPIRED)
              : List.of(EventKind.UNLOCKED, EventKind.EXPIRED);
      remove(key, stamp, kinds);
      return true;
    }
    if (entry.isLockOver(nowMillis)) {
      ModelEntry unlocked = entry.copy();
      unlocked.lock = null;
      put(key, unlocked, stamp, List.of(EventKind.UNLOCKED));
      return true;
    }
    return false;
  }

  /** Ends everything whose time has come. */
  public synchronized void reapAll(long nowMillis) {
    for (String key : List.copyOf(entries.keySet())) {
      reap(key, nowMillis);
    }
    waits.settle(nowMillis);
    gone.values().removeIf(g -> nowMillis >= g.sinceMillis() + limits.deletedHistoryMillis());
  }

  /** How many lifespans and locks were to end by this time and did not. */
  public synchronized long overdue(long timeMillis) {
    return entries.values().stream()
        .filter(entry -> entry.isExpired(timeMillis) || entry.isLockOver(timeMillis))
        .count();
  }

  // The contract.

  @Override
  public synchronized @Nullable Entry read(ReadRequest request, Stamp stamp) {
    ModelEntry entry = live(text(request.key()), stamp.timeMillis());
    if (entry == null) {
      return null;
    }
    if (request.lockObeyed()) {
      ModelWrites.requireUnlocked(entry, stamp);
    }
    if (request.counted()) {
      entry.countAccess(stamp.timeMillis());
    }
    Entry read = entry.entry(entry.part(request), stamp.timeMillis(), request.metricsWanted());
    if (request.counted()) {
      accesses.onAccess(request.key(), read, stamp);
    }
    return read;
  }

  @Override
  public synchronized <R extends @Nullable Object> R apply(KeyMutation<R> request, Stamp stamp) {
    checks.requireValid(request, readOnly);
    waits.settle(stamp.timeMillis());
    Object result = applyAlone(request, stamp);
    if (result instanceof Entry entry) {
      accesses.onAccess(request.key(), entry, stamp);
    }
    waits.settle(stamp.timeMillis());
    return resultOf(request, result);
  }

  /** Applies a request, and passes no lock on. */
  @Nullable Object applyAlone(KeyMutation<?> request, Stamp stamp) {
    String key = text(request.key());
    while (reap(key, stamp.timeMillis())) {
      // A lock may end, and then nothing more.
    }
    return writes.apply(key, request, stamp);
  }

  @Override
  public synchronized Ticket await(
      LockRequest request, long waitMillis, Stamp stamp, LockWaiter waiter) {
    checks.requireValid(request, readOnly);
    return waits.add(request, waitMillis, stamp, waiter);
  }

  @SuppressWarnings({"unchecked", "NullAway", "unused"}) // Each request has its own kind of result.
  private static <R extends @Nullable Object> R resultOf(
      KeyMutation<R> request, @Nullable Object result) {
    return (R) result;
  }

  @Override
  public synchronized PastValue history(HistoryRequest request, Stamp stamp) {
    require(limits.historyMax() != 0, ErrorCode.VERSIONING_OFF);
    long now = stamp.timeMillis();
    String key = text(request.key());
    reap(key, now);
    ModelEntry entry = entries.get(key);
    ModelEntry kept = kept(key, now);
    List<PastValue> versions = new ArrayList<>();
    long current;
    if (entry != null) {
      ModelWrites.requireUnlocked(entry, stamp);
      versions.addAll(entry.older);
      versions.add(entry.current());
      current = entry.version;
    } else if (kept != null) {
      versions.addAll(kept.older);
      current = kept.version + 1;
    } else {
      throw refusal(ErrorCode.NOT_FOUND);
    }
    long wanted = request.version() > 0 ? request.version() : current + request.version();
    return versions.stream()
        .filter(version -> version.version() == wanted)
        .findFirst()
        .orElseThrow(() -> refusal(ErrorCode.VERSION_NOT_FOUND));
  }

  @Override
  public synchronized ScanPage scan(ScanRequest request, Stamp stamp) {
    return scans.scan(request, stamp);
  }

  @Override
  public synchronized SweepPage sweep(SweepRequest request, Stamp stamp) {
    boolean wantsKeys = request.what() == SweepRequest.What.KEYS;
    require(!readOnly, ErrorCode.READ_ONLY);
    require(wantsKeys || limits.historyMax() != 0, ErrorCode.VERSIONING_OFF);
    SweepPage page = scans.sweep(request, stamp);
    waits.settle(stamp.timeMillis());
    return page;
  }

  /** Whether a sweep at this time removes the key, or its history. */
  public synchronized boolean isSweepable(byte[] key, SweepRequest request, Stamp stamp) {
    return scans.isSweepable(text(key), request, stamp);
  }

  /** How many keys a sweep at this time removes. */
  public synchronized long sweepable(SweepRequest request, Stamp stamp) {
    return entries.keySet().stream().filter(key -> scans.isSweepable(key, request, stamp)).count();
  }

  /** What a sweep does to one key. */
  public synchronized void sweepKey(byte[] key, Stamp stamp) {
    remove(text(key), stamp, List.of(EventKind.DELETED));
  }

  @Override
  public synchronized long count(KeyFilter filter, Stamp stamp) {
    return entries.keySet().stream()
        .filter(key -> live(key, stamp.timeMillis()) != null && filter.accepts(bytes(key)))
        .count();
  }

  @Override
  public synchronized long prune(PruneRequest request, Stamp stamp) {
    long excess = ModelPruning.prune(this, request, stamp.timeMillis());
    prunes++;
    pruned += excess;
    return excess;
  }

  @Override
  public synchronized byte @Nullable [] randomKey(Stamp stamp) {
    for (String key : entries.keySet()) {
      if (live(key, stamp.timeMillis()) != null) {
        return bytes(key);
      }
    }
    return null;
  }

  @Override
  public synchronized boolean isReadOnly() {
    return readOnly;
  }

  @Override
  public synchronized void readOnly(boolean readOnly) {
    this.readOnly = readOnly;
    if (readOnly) {
      waits.refuseAll(refusal(ErrorCode.READ_ONLY));
    }
  }

  @Override
  public synchronized boolean register(String client) {
    require(clients.size() < CLIENTS_MAX || clients.contains(client), ErrorCode.STORE_FULL);
    return clients.add(client);
  }

  @Override
  public synchronized boolean isRegistered(String client) {
    return clients.contains(client);
  }

  @Override
  public synchronized StoreStats stats() {
    return new StoreStats(
        entries.size(),
        entries.values().stream().mapToLong(entry -> entry.value.length).sum(),
        0,
        Long.MAX_VALUE,
        limits.keysMax(),
        entries.values().stream().filter(entry -> entry.lock != null).count(),
        waits.count(),
        clients.size(),
        entries.values().stream().filter(entry -> entry.deadlineMillis != 0).count(),
        entries.values().stream().filter(entry -> !entry.older.isEmpty()).count(),
        entries.values().stream().mapToLong(entry -> entry.older.size()).sum(),
        eventsByKind(),
        0,
        prunes,
        pruned,
        0,
        events.newestRevision(),
        readOnly);
  }

  private long[] eventsByKind() {
    long[] told = events.byKind();
    told[EventKind.ACCESSED.number()] = accesses.count();
    return told;
  }

  @Override
  public Bounds bounds() {
    return limits.bounds();
  }

  @Override
  public boolean mayBlock() {
    return false;
  }

  @Override
  public synchronized TransactionResult transact(TransactionRequest request, Stamp stamp) {
    waits.pause();
    try {
      return new ModelTransaction(this, request, stamp).run();
    } finally {
      waits.goOn();
      waits.settle(stamp.timeMillis());
    }
  }

  @Override
  public synchronized TransferResult transfer(TransferRequest request, Stamp stamp) {
    checks.requireWritable(request.source(), readOnly);
    checks.requireWritable(request.target(), readOnly);
    reap(text(request.source()), stamp.timeMillis());
    reap(text(request.target()), stamp.timeMillis());
    TransferResult result = writes.transfer(request, stamp);
    waits.settle(stamp.timeMillis());
    return result;
  }

  @Override
  public synchronized @Nullable Absence absence(byte[] key, Stamp stamp) {
    reap(text(key), stamp.timeMillis());
    return live(text(key), stamp.timeMillis()) == null ? new ModelAbsence(key, events) : null;
  }

  /** The same store without what is to come: to try something out on. */
  ModelKeyspace fork() {
    ModelKeyspace fork = new ModelKeyspace(limits, events.newestRevision() + 1);
    entries.forEach((key, entry) -> fork.entries.put(key, entry.copy()));
    fork.gone.putAll(gone);
    fork.readOnly = readOnly;
    return fork;
  }
}

package dev.mayfly.engine;

import dev.mayfly.engine.memory.AddressSpace;
import dev.mayfly.store.Absence;
import dev.mayfly.store.Accesses;
import dev.mayfly.store.Bounds;
import dev.mayfly.store.CounterSource;
import dev.mayfly.store.Entry;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.EventLog;
import dev.mayfly.store.HistoryRequest;
import dev.mayfly.store.JournalSource;
import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.KeyMutation;
import dev.mayfly.store.Keyspace;
import dev.mayfly.store.Leases;
import dev.mayfly.store.LockRequest;
import dev.mayfly.store.LockWaiter;
import dev.mayfly.store.LockWaits;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.Operation;
import dev.mayfly.store.PastValue;
import dev.mayfly.store.PruneRequest;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.ScanPage;
import dev.mayfly.store.ScanPage.ScannedEntry;
import dev.mayfly.store.ScanRequest;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.StoreStats;
import dev.mayfly.store.SweepPage;
import dev.mayfly.store.SweepRequest;
import dev.mayfly.store.TimeSource;
import dev.mayfly.store.TransactionRequest;
import dev.mayfly.store.TransactionResult;
import dev.mayfly.store.Transactions;
import dev.mayfly.store.TransferRequest;
import dev.mayfly.store.TransferResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The in-memory engine: a keyspace in native memory, its transactions and its event log.
 *
 * <p>Safe for concurrent use; linearizable per key. Reads take no lock, writes that of one shard.
 * It owns its memory and, unless told otherwise, a thread that ends lifespans and locks on time,
 * and one that prunes where that is configured. {@link #close} stops them and gives the memory
 * back; nothing may be called after it.
 */
public final class MemoryKeyspace implements Keyspace, Transactions, LockWaits, AutoCloseable {
  /** How many victims are sought at most to make room for one write. */
  private static final int VICTIMS_MAX = 64;

  private static final int STEP_ENTRIES = 1_000;

  private final EngineConfig config;
  private final ShardSet shards;
  private final Clients clients;
  private final MultiKey multiKey;
  private final Pruner pruner;
  private final Maintenance maintenance;
  private final EngineJournal journal;
  private final TimeSource time;
  private final Accesses accesses;
  private final Leases leases;
  private volatile boolean readOnly;

  /** Reserves the memory and starts. */
  public MemoryKeyspace(EngineConfig config, TimeSource time) {
    this(config, time, Sequence::new, 0);
  }

  /**
   * The same for a store whose revisions go on from an earlier life.
   *
   * @param firstRevision that of the first mutation, from 1 on
   */
  public MemoryKeyspace(EngineConfig config, TimeSource time, long firstRevision) {
    this(config, time, Sequence::new, firstRevision);
  }

  MemoryKeyspace(EngineConfig config, TimeSource time, Supplier<Sequence> sequences) {
    this(config, time, sequences, 0);
  }

  private MemoryKeyspace(
      EngineConfig config, TimeSource time, Supplier<Sequence> sequences, long firstRevision) {
    this.config = config;
    this.time = time;
    shards = new ShardSet(config, time, this::onManyKeys, sequences, firstRevision);
    journal = new EngineJournal(shards, shards.recorder(), time);
    accesses = shards.accesses();
    clients = new Clients(config.clientsMax());
    pruner = new Pruner(shards, config.pruning(), time);
    maintenance = new Maintenance(shards, time);
    multiKey = new MultiKey(shards, config.bounds(), maintenance);
    leases = new MemoryLeases(shards.leases(), this);
    if (config.threads()) {
      startThreads();
    }
  }

  /** Where revisions begin, if nothing is known of earlier ones. */
  public static long revisionByClock(TimeSource time) {
    return Math.max(1, time.millis() * ShardSet.REVISIONS_PER_MILLI);
  }

  /**
   * Loads what takes the first store of a process longest to load; for a program that has something
   * else to do meanwhile, on another thread.
   */
  public static void prepare() {
    AddressSpace.prepare();
  }

  /** Lets the engine drive itself from here on, where it was built not to. */
  public void startThreads() {
    maintenance.start();
    pruner.start();
  }

  /** The leases and the registered clients, for a journal. */
  public CounterSource extras() {
    return new EngineExtras(shards.leases(), clients);
  }

  /** What a journal needs of this store. */
  public JournalSource journal() {
    return journal;
  }

  private void onManyKeys() {
    pruner.signal();
  }

  /** The log of this keyspace's events. */
  public EventLog eventLog() {
    return shards.log();
  }

  /** The leases that keys may live on. */
  public Leases leases() {
    return leases;
  }

  /** Who reads what, while somebody asks. */
  public Accesses accesses() {
    return accesses;
  }

  @Override
  public @Nullable Entry read(ReadRequest request, Stamp stamp) {
    long hash = shards.router().hash(request.key());
    Entry entry = shards.of(hash).read(request, shards.router().index(hash), stamp);
    if (entry != null && request.counted()) {
      accesses.onAccess(request.key(), entry, stamp);
    }
    return entry;
  }

  @Override
  public void expect(List<byte[]> keys) {
    LookAhead.expect(keys, shards);
  }

  @Override
  public <R extends @Nullable Object> R apply(KeyMutation<R> request, Stamp stamp) {
    shards.recorder().requireOpen();
    request.requireValid(config.bounds(), readOnly);
    if (request.lease() != 0) {
      shards.leases().requireRoom(request.lease(), List.of(request.key()));
    }
    long hash = shards.router().hash(request.key());
    Shard shard = shards.of(hash);
    int index = shards.router().index(hash);
    R result;
    for (int tries = 0; ; tries++) {
      try {
        result = shard.apply(request, index, stamp);
        break;
      } catch (MayflyException e) {
        if (!mayHaveRoomNow(e, tries, shard, request.key(), stamp)) {
          throw e;
        }
      }
    }
    maintenance.noticeWork(shard);
    if (result instanceof Entry entry) {
      accesses.onAccess(request.key(), entry, stamp);
    }
    return result;
  }

  /**
   * Makes room for a write that found none: first of what is past, which counts until it is ended,
   * then of what pruning could admit. The caller holds no lock.
   */
  private boolean mayHaveRoomNow(
      MayflyException refusal, int tries, Shard shard, byte[] key, Stamp stamp) {
    if (refusal.code() != ErrorCode.STORE_FULL || tries > VICTIMS_MAX) {
      return false;
    }
    return maintenance.endPast(1, stamp.timeMillis())
        || (config.pruning().isEager() && pruner.evictOne(shard, key, stamp.timeMillis()));
  }

  @Override
  public Ticket await(LockRequest request, long waitMillis, Stamp stamp, LockWaiter waiter) {
    if (waitMillis < 0 || waitMillis > WAIT_MILLIS_MAX) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID,
          "wait of %dms: expected 0 to %d".formatted(waitMillis, WAIT_MILLIS_MAX));
    }
    shards.recorder().requireOpen();
    request.requireValid(config.bounds(), readOnly);
    long hash = shards.router().hash(request.key());
    Shard shard = shards.of(hash);
    int index = shards.router().index(hash);
    LockQueue.Place place = null;
    for (int tries = 0; ; tries++) {
      try {
        place = shard.await(request, index, waitMillis, stamp, waiter);
        break;
      } catch (MayflyException e) {
        if (!mayHaveRoomNow(e, tries, shard, request.key(), stamp)) {
          throw e;
        }
      }
    }
    maintenance.noticeWork(shard);
    // Whoever came after the store was told to refuse writes is not in that one's sweep.
    if (place != null && readOnly && shard.leave(place)) {
      throw readOnlyRefusal();
    }
    return ticket(shard, place);
  }

  private static Ticket ticket(Shard shard, LockQueue.@Nullable Place place) {
    return () -> place != null && shard.leave(place);
  }

  private static MayflyException readOnlyRefusal() {
    return new MayflyException(ErrorCode.READ_ONLY, ErrorCode.READ_ONLY.summary());
  }

  @Override
  public PastValue history(HistoryRequest request, Stamp stamp) {
    if (config.historyMax() == 0) {
      throw new MayflyException(ErrorCode.VERSIONING_OFF, ErrorCode.VERSIONING_OFF.summary());
    }
    long hash = shards.router().hash(request.key());
    return shards.of(hash).history(request, shards.router().index(hash), stamp);
  }

  @Override
  public ScanPage scan(ScanRequest request, Stamp stamp) {
    List<ScannedEntry> entries = new ArrayList<>();
    long cursor =
        Cursors.walk(
            request.cursor(),
            request.entriesMax(),
            shards,
            (shard, from, max) -> shards.steps(shard).scan(from, max, request, stamp, entries));
    return new ScanPage(entries, cursor);
  }

  @Override
  public SweepPage sweep(SweepRequest request, Stamp stamp) {
    shards.recorder().requireOpen();
    if (readOnly) {
      throw readOnlyRefusal();
    }
    if (request.what() == SweepRequest.What.HISTORY && config.historyMax() == 0) {
      throw new MayflyException(ErrorCode.VERSIONING_OFF, ErrorCode.VERSIONING_OFF.summary());
    }
    long[] sums = new long[2];
    long cursor =
        Cursors.walk(
            request.cursor(),
            request.entriesMax(),
            shards,
            (shard, from, max) -> shards.steps(shard).sweep(from, max, request, stamp, sums));
    return new SweepPage(sums[0], sums[1], cursor);
  }

  @Override
  public long count(KeyFilter filter, Stamp stamp) {
    if (filter.acceptsAll()) {
      return shards.keys();
    }
    long count = 0;
    long cursor = ScanRequest.START;
    do {
      ScanPage page = scan(new ScanRequest(cursor, filter, STEP_ENTRIES, false), stamp);
      count += page.entries().size();
      cursor = page.cursor();
    } while (cursor != ScanPage.END);
    return count;
  }

  @Override
  public long prune(PruneRequest request, Stamp stamp) {
    shards.recorder().requireOpen();
    return pruner.prune(request, stamp.timeMillis());
  }

  @Override
  public byte @Nullable [] randomKey(Stamp stamp) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    int first = random.nextInt(shards.count());
    for (int i = 0; i < shards.count(); i++) {
      int shard = (first + i) & (shards.count() - 1);
      byte[] key = shards.steps(shard).sampleKey(random.nextInt());
      if (key.length > 0 && read(ReadRequest.metadata(key), stamp) != null) {
        return key;
      }
    }
    // What was found is past, or the history of keys that are gone: any other will do.
    return shards.keys() == 0 ? null : firstKey(stamp);
  }

  private byte @Nullable [] firstKey(Stamp stamp) {
    long cursor = ScanRequest.START;
    do {
      ScanPage page = scan(new ScanRequest(cursor, KeyFilter.ALL, STEP_ENTRIES, false), stamp);
      if (!page.entries().isEmpty()) {
        return page.entries().getFirst().key();
      }
      cursor = page.cursor();
    } while (cursor != ScanPage.END);
    return null;
  }

  @Override
  public boolean isReadOnly() {
    return readOnly;
  }

  @Override
  public void readOnly(boolean readOnly) {
    this.readOnly = readOnly;
    for (int i = 0; readOnly && i < shards.count(); i++) {
      shards.shard(i).refuseWaiters(readOnlyRefusal(), time.millis());
    }
  }

  @Override
  public boolean register(String client) {
    return clients.register(client);
  }

  @Override
  public boolean isRegistered(String client) {
    return clients.isRegistered(client);
  }

  @Override
  public StoreStats stats() {
    return shards.stats(clients.size(), pruner, readOnly);
  }

  @Override
  public Bounds bounds() {
    return config.bounds();
  }

  @Override
  public boolean mayBlock() {
    return false;
  }

  @Override
  public TransactionResult transact(TransactionRequest request, Stamp stamp) {
    if (config.keysMax() != 0) {
      int most = Math.max(keys(request.then()), keys(request.otherwise()));
      if (!shards.hasRoomFor(most)) {
        maintenance.endPast(most, stamp.timeMillis());
      }
    }
    return multiKey.transact(request, readOnly, stamp);
  }

  /** How many keys operations are about, which is how many they can create. */
  private static int keys(List<Operation> operations) {
    int[] keys = {0};
    operations.forEach(operation -> operation.forEachKey(_ -> keys[0]++));
    return keys[0];
  }

  @Override
  public TransferResult transfer(TransferRequest request, Stamp stamp) {
    if (!shards.hasRoomFor(1)) {
      maintenance.endPast(1, stamp.timeMillis());
    }
    return multiKey.transfer(request, readOnly, stamp);
  }

  @Override
  public @Nullable Absence absence(byte[] key, Stamp stamp) {
    shards.recorder().requireOpen();
    long hash = shards.router().hash(key);
    return shards.of(hash).absence(key, shards.router().index(hash), stamp);
  }

  /**
   * Does all the work of the engine's own threads that is due: for an engine without threads.
   *
   * @return whether anything was left to do
   */
  public boolean maintain() {
    boolean more = maintenance.runOnce();
    pruner.runIfDue();
    return more;
  }

  @Override
  public void close() {
    for (int i = 0; i < shards.count(); i++) {
      shards.shard(i).closeWaiting(time.millis());
    }
    maintenance.stop();
    pruner.stop();
    shards.close();
  }
}

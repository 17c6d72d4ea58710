package dev.mayfly.engine;

import dev.mayfly.engine.memory.HashIndex;
import dev.mayfly.engine.memory.RecordHeap;
import dev.mayfly.engine.memory.Region;
import dev.mayfly.engine.memory.RegionFullException;
import dev.mayfly.engine.memory.TimingWheel;
import dev.mayfly.store.CounterPolicy;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.MemoryBudget;

/**
 * The records of one shard of counters in native memory, with the index that finds them and the
 * wheel that knows when they have something to do.
 *
 * <p>A record begins with links (8 bytes), namespace (4), key length (2), kind (1), flags (1), the
 * time at which it is due in milliseconds (8), a number of its kind (4), and the key; what follows
 * belongs to its kind. Confined to whoever holds the shard's lock.
 */
final class CounterRecords implements HashIndex.KeyMatcher, TimingWheel.Links {
  /** Where the key begins. */
  static final int KEY = 28;

  /** Among the flags: the record has changed, and {@link CounterChanges} knows its hash. */
  static final int CHANGED = 1 << 6;

  /**
   * How long the record of a pace or of leases stays when it says nothing any more: whoever takes
   * from a limit soon takes again, and to find a record is cheaper than to end one and make
   * another.
   */
  static final long LINGER_MILLIS = 100;

  private static final int PREVIOUS = 0;
  private static final int NEXT = 4;
  private static final int NAMESPACE = 8;
  private static final int KEY_LENGTH = 12;
  private static final int KIND = 14;
  private static final int FLAGS = 15;
  private static final int DUE = 16;
  private static final int NUMBER = 24;

  private static final int INDEX_SLOT_BYTES = 16;

  private final Region region;
  private final RecordHeap heap;
  private final HashIndex index;
  private final TimingWheel wheel;
  private final KeyHash hash;
  private final int shardBits;
  private final BudgetShare share;
  private final CounterNamespaces namespaces;
  private final byte[] scratch;
  private int wanted;

  CounterRecords(
      CounterConfig config,
      Region region,
      KeyHash hash,
      MemoryBudget budget,
      CounterNamespaces namespaces,
      long nowMillis) {
    this.region = region.strict();
    this.hash = hash;
    share = new BudgetShare(budget);
    this.namespaces = namespaces;
    heap = new RecordHeap(region, config.hugePages());
    index = new HashIndex(heap);
    wheel = new TimingWheel(this, nowMillis, () -> {});
    shardBits = Integer.numberOfTrailingZeros(config.shards());
    scratch = new byte[config.keyBytesMax()];
  }

  Region region() {
    return region;
  }

  RecordHeap heap() {
    return heap;
  }

  HashIndex index() {
    return index;
  }

  TimingWheel wheel() {
    return wheel;
  }

  static long at(int ref) {
    return RecordHeap.offset(ref);
  }

  /** The part of a whole hash that the index uses. */
  int indexHash(long whole) {
    return (int) (whole >>> (Integer.SIZE - shardBits));
  }

  /** The record of a key; 0 when there is none. */
  int find(CounterNamespace namespace, long whole, byte[] key) {
    wanted = namespace.id();
    return index.find(indexHash(whole), key, this);
  }

  @Override
  public boolean matches(int ref, byte[] key) {
    long at = at(ref);
    return region.getInt(at + NAMESPACE) == wanted
        && keyLength(at) == key.length
        && region.matches(at + KEY, key, 0, key.length);
  }

  /**
   * Puts a record of at least so many bytes that is due at a time; what follows the key is garbage.
   *
   * @return its ref; 0 if the namespace was closed meanwhile
   * @throws MayflyException STORE_FULL
   */
  int create(
      CounterNamespace namespace, long whole, byte[] key, int kind, int bytes, long dueMillis) {
    reserve(namespace, RecordHeap.classSize(bytes) + INDEX_SLOT_BYTES);
    if (!namespace.tryAddKey()) {
      return 0;
    }
    int ref = 0;
    try {
      ref = heap.allocate(bytes);
      index.insert(indexHash(whole), ref);
    } catch (RegionFullException e) {
      if (ref != 0) {
        heap.free(ref);
      }
      namespace.removeKey();
      throw full("its part of the memory is used up");
    }
    long at = at(ref);
    region.putLong(at, 0);
    region.putInt(at + NAMESPACE, namespace.id());
    region.putShort(at + KEY_LENGTH, (short) key.length);
    region.putByte(at + KIND, (byte) kind);
    region.putByte(at + FLAGS, (byte) 0);
    region.putLong(at + DUE, dueMillis);
    region.copyIn(key, 0, at + KEY, key.length);
    namespace.bytes().addAndGet(heap.capacity(ref));
    wheel.schedule(ref);
    return ref;
  }

  /**
   * Moves a record to another size.
   *
   * @param keep how many of its bytes to copy
   * @throws MayflyException STORE_FULL; nothing changed then
   */
  int resize(int ref, int bytes, int keep) {
    CounterNamespace namespace = namespace(ref);
    int before = heap.capacity(ref);
    int after = RecordHeap.classSize(bytes);
    if (after > before) {
      reserve(namespace, after);
    }
    int to;
    try {
      to = heap.allocate(bytes);
    } catch (RegionFullException e) {
      throw full("its part of the memory is used up");
    }
    relocate(ref, to, keep);
    namespace.bytes().addAndGet(heap.capacity(to) - before);
    return to;
  }

  private void relocate(int ref, int to, int keep) {
    int own = indexHash(hash(ref));
    region.move(at(ref), at(to), keep);
    wheel.moved(ref, to);
    index.replace(own, ref, to);
    heap.free(ref);
  }

  /** Moves a record elsewhere in the heap; returns whether there was room. */
  boolean tryMove(int ref) {
    int bytes = heap.capacity(ref);
    int to;
    try {
      to = heap.allocate(bytes);
    } catch (RegionFullException e) {
      return false;
    }
    relocate(ref, to, bytes);
    return true;
  }

  /** Ends a key; its namespace goes with its last one. */
  void remove(int ref) {
    CounterNamespace namespace = namespace(ref);
    int own = indexHash(hash(ref));
    wheel.cancel(ref);
    if (!index.remove(own, ref)) {
      throw new IllegalStateException("record " + ref + " is not in the index");
    }
    namespace.bytes().addAndGet(-heap.capacity(ref));
    heap.free(ref);
    if (namespace.removeKey()) {
      namespaces.closeIfEmpty(namespace);
    }
  }

  /** Room for so many more bytes, in the namespace and in the store. */
  private void reserve(CounterNamespace namespace, long bytes) {
    CounterPolicy policy = namespace.policy();
    if (policy.bytesMax() > 0 && namespace.bytes().get() + bytes > policy.bytesMax()) {
      throw full("its namespace may take %d bytes".formatted(policy.bytesMax()));
    }
    if (!share.tryCover(heap.allocatedBytes() + bytes)) {
      throw full("counters may take %d bytes".formatted(share.bytesMax()));
    }
  }

  /** Gives back most of a share of the budget that has become too large. */
  void release() {
    share.trim(heap.allocatedBytes());
  }

  static MayflyException full(String why) {
    return new MayflyException(ErrorCode.STORE_FULL, "no room for the key: " + why);
  }

  /** The index hash of a record's key. */
  int indexHashOf(int ref) {
    return indexHash(hash(ref));
  }

  /** The whole hash of a record's key. */
  private long hash(int ref) {
    long at = at(ref);
    int length = keyLength(at);
    region.copyOut(at + KEY, scratch, 0, length);
    return hash.hash(scratch, 0, length) ^ namespace(ref).salt();
  }

  CounterNamespace namespace(int ref) {
    return namespaces.of(region.getInt(at(ref) + NAMESPACE));
  }

  int namespaceId(int ref) {
    return region.getInt(at(ref) + NAMESPACE);
  }

  int keyLength(long at) {
    return region.getShort(at + KEY_LENGTH) & 0xFFFF;
  }

  byte[] key(int ref) {
    long at = at(ref);
    byte[] key = new byte[keyLength(at)];
    region.copyOut(at + KEY, key, 0, key.length);
    return key;
  }

  /** Where what belongs to the kind begins, from the record's beginning. */
  int body(long at) {
    return KEY + keyLength(at);
  }

  int kind(int ref) {
    return region.getByte(at(ref) + KIND);
  }

  int flags(long at) {
    return region.getByte(at + FLAGS);
  }

  void flags(long at, int flags) {
    region.putByte(at + FLAGS, (byte) flags);
  }

  /** The number that belongs to the kind, unsigned. */
  long number(long at) {
    return region.getInt(at + NUMBER) & 0xFFFFFFFFL;
  }

  void number(long at, long value) {
    region.putInt(at + NUMBER, (int) value);
  }

  long due(long at) {
    return region.getLong(at + DUE);
  }

  /** A later time is noticed when the record fires early; an earlier one needs {@link #hasten}. */
  void due(long at, long millis) {
    region.putLong(at + DUE, millis);
  }

  /** Lets a record be due earlier than it was. */
  void hasten(int ref, long millis) {
    wheel.cancel(ref);
    due(at(ref), millis);
    wheel.schedule(ref);
  }

  @Override
  public int previous(int ref) {
    return region.getInt(at(ref) + PREVIOUS);
  }

  @Override
  public int next(int ref) {
    return region.getInt(at(ref) + NEXT);
  }

  @Override
  public void previous(int ref, int value) {
    region.putInt(at(ref) + PREVIOUS, value);
  }

  @Override
  public void next(int ref, int value) {
    region.putInt(at(ref) + NEXT, value);
  }

  @Override
  public long deadline(int ref) {
    return due(at(ref));
  }
}

package dev.mayfly.engine.memory;

import java.util.function.LongConsumer;

/**
 * The index of one shard: 32-bit hashes to refs, several refs to a hash allowed.
 *
 * <p>{@link #find} may be called without the lock, beside the writer: it neither fails nor loops
 * without bound, and what it gives is right if the caller's sequence shows that nobody wrote
 * meanwhile. Everything else is confined to the writer. The index owns its tables, which it
 * allocates from the heap; the refs are the caller's.
 *
 * <h2>Order</h2>
 *
 * The home slot of a hash is {@code hash * capacity >> 32}, so it grows with the hash, and entries
 * are kept in the order of their hashes (linear probing with ordered insertion). A look-up stops at
 * the first larger hash. Any capacity works, so the table grows by a fifth instead of doubling. A
 * scan walks the hashes, and its cursor is the next hash: it means the same in a table of any size.
 *
 * <h2>Growing and shrinking</h2>
 *
 * A new table is filled from the old one in the order of hashes, some slots with each insert and
 * removal. The frontier parts them: hashes below it live in the new table, the others in the old
 * one, and entries of equal hash are never split. So a look-up probes exactly one table. The new
 * table is cleared just ahead of the frontier and the old one given back behind it, so that both
 * together hold little more memory than one.
 *
 * <p>What was moved stays in the old table's slots: an entry behind it may be displaced over them.
 * No home slot of a hash above the frontier is below the frontier's own home slot, and only what is
 * below that is given back.
 *
 * <h2>Worst cases</h2>
 *
 * The hash is keyed, so nobody can choose keys that collide. But a sweep removes entries in the
 * order of hashes, and leaves the others as dense as they were: tables are sized for the densest
 * part. Should probes run off the table's end nevertheless, it is rebuilt at once with as much
 * slack as the entries need. If the region is full when the table should grow, the index goes on
 * with a higher load and tries again later; {@link #insert} fails only when there is no slot.
 *
 * <p>References: Amble and Knuth, Ordered hash tables, The Computer Journal 17(2), 1974.
 */
public final class HashIndex {
  /** Decides whether a ref found for a hash is the one that is looked for. */
  @FunctionalInterface
  public interface KeyMatcher {
    /** Must be as safe as {@link #find} where that is called without the lock. */
    boolean matches(int ref, byte[] key);
  }

  /** Receives the refs of a scan. */
  @FunctionalInterface
  public interface RefVisitor {
    /** Must not change the index. */
    void visit(int ref);
  }

  /** One more than the highest hash. */
  static final long HASH_END = 1L << 32;

  private static final int MOVES_PER_CHANGE = 24;

  /** Entries that are spread evenly are nearer than this to their home slots. */
  static final int REACH_MAX = 2048;

  private static final int SCAN_SLOTS_MIN = 64;
  private static final long DISCARD_STEP = 256 << 10;
  private static final long DISCARD_STEP_HUGE = PageRuns.HUGE;
  private static final long HUGE_TABLE = 16L << 20;

  private final RecordHeap heap;
  private final IndexTable none;

  /** Where hashes below the frontier live. */
  private IndexTable table;

  /** Where the other hashes live while the index migrates, else a table without a slot. */
  private IndexTable old;

  private long frontier = HASH_END;
  private int size;

  /** Whether entries were found far from home in this table, and that was seen to. */
  private boolean isUneven;

  private int growAbove;
  private int shrinkBelow;

  /** The old table's next slot to move, and how many of its bytes are given back. */
  private int position;

  private long discarded;

  /**
   * @throws RegionFullException if there is no room for the first table, a page
   */
  public HashIndex(RecordHeap heap) {
    this.heap = heap;
    none = IndexTable.none(heap.region());
    old = none;
    table = IndexTable.allocate(heap, 1);
    table.clearTo(table.slots());
    setThresholds();
  }

  /** The ref of this hash that the matcher accepts; 0 if there is none. */
  public int find(int hash, byte[] key, KeyMatcher matcher) {
    long wanted = hash & 0xFFFFFFFFL;
    IndexTable home = wanted < frontier ? table : old;
    return home.find(wanted, key, matcher);
  }

  /**
   * The first ref of this hash, whatever its key; 0 if there is none. As safe as {@link #find}, and
   * it does not wait for the record's memory.
   */
  public int first(int hash) {
    long wanted = hash & 0xFFFFFFFFL;
    IndexTable home = wanted < frontier ? table : old;
    return home.first(wanted);
  }

  /** Asks memory for the slot where {@link #find} would begin; as safe as that. */
  public void touch(int hash) {
    long wanted = hash & 0xFFFFFFFFL;
    IndexTable home = wanted < frontier ? table : old;
    home.touch(wanted);
  }

  /**
   * Adds an entry; the caller has made sure that it is not there.
   *
   * @throws RegionFullException if there is no slot left and no room for more; nothing changed then
   */
  public void insert(int hash, int ref) {
    if (ref == 0) {
      throw new IllegalArgumentException("ref 0 is none");
    }
    step(MOVES_PER_CHANGE);
    long wanted = hash & 0xFFFFFFFFL;
    while (!home(wanted).insert(wanted, ref)) {
      rebuild();
    }
    size++;
    if (table.reach() > REACH_MAX && !isUneven && !isMigrating()) {
      growIfUneven();
    }
  }

  /**
   * Lets an entry name another ref.
   *
   * @throws IllegalStateException if the entry is not there
   */
  public void replace(int hash, int oldRef, int newRef) {
    long wanted = hash & 0xFFFFFFFFL;
    int place = home(wanted).place(wanted, oldRef);
    if (place < 0 || newRef == 0) {
      throw new IllegalStateException("no entry of hash " + hash + " and ref " + oldRef);
    }
    home(wanted).put(place, wanted << 32 | (newRef & 0xFFFFFFFFL));
  }

  /** Removes an entry; returns whether it was there. */
  public boolean remove(int hash, int ref) {
    long wanted = hash & 0xFFFFFFFFL;
    IndexTable home = home(wanted);
    int place = home.place(wanted, ref);
    if (place < 0) {
      return false;
    }
    home.removeAt(place);
    size--;
    step(MOVES_PER_CHANGE);
    return true;
  }

  /**
   * Moves this many slots if the index migrates, else begins to if it is time.
   *
   * <p>Inserting and removing do a step of their own, so calling this is never needed.
   */
  public void step(int slots) {
    if (isMigrating()) {
      migrate(slots);
    } else if (size >= growAbove) {
      startGrowing();
    } else if (size < shrinkBelow) {
      startShrinking();
    }
  }

  public boolean isMigrating() {
    return old != none;
  }

  public int size() {
    return size;
  }

  /** How far from its home slot an entry may be. */
  int reach() {
    return Math.max(table.reach(), old.reach());
  }

  /** The lowest hash that still lives in the old table. */
  long frontier() {
    return frontier;
  }

  /** Bytes of the tables; part of the heap's allocated bytes. */
  public long bytes() {
    return table.bytes() + old.bytes();
  }

  /**
   * Visits entries in the order of their hashes, treated as unsigned, from a hash on. Entries of
   * equal hash are visited in one call. An entry that is there from the first call of a scan to the
   * last is visited exactly once, however the index grows or shrinks between the calls.
   *
   * @param fromHash 0 to begin, later what the last call returned
   * @param entriesMax after how many entries to stop; a call may also stop earlier, having looked
   *     at many empty slots
   * @return the hash to go on from, or -1 at the end
   */
  public long scan(long fromHash, int entriesMax, RefVisitor visitor) {
    if (fromHash < 0 || fromHash >= HASH_END || entriesMax <= 0) {
      throw new IllegalArgumentException("scan from " + fromHash + " of " + entriesMax);
    }
    long from = fromHash;
    int left = entriesMax;
    long slotsLeft = SCAN_SLOTS_MIN + 8L * entriesMax;
    IndexTable home = home(from);
    int place = home.begin(from);
    long last = -1;
    while (true) {
      if (place >= home.end()) {
        if (home == old || !isMigrating()) {
          return -1;
        }
        home = old;
        from = Math.max(from, frontier);
        place = home.begin(from);
        continue;
      }
      long slot = home.slot(place);
      long hash = slot >>> 32;
      if (slot == 0) {
        if (slotsLeft-- <= 0) {
          return cursorBehind(home, place);
        }
      } else if (hash >= from) {
        if (left <= 0 && hash != last) {
          return hash;
        }
        visitor.visit((int) slot);
        last = hash;
        left--;
      }
      place++;
    }
  }

  /** The ref of the first entry at or after the hash, else of the first of all; 0 if empty. */
  public int sample(int hash) {
    int ref = size == 0 ? 0 : firstFrom(hash & 0xFFFFFFFFL);
    return ref != 0 || size == 0 ? ref : firstFrom(0);
  }

  private int firstFrom(long hash) {
    int[] found = {0};
    long from = hash;
    while (from >= 0 && found[0] == 0) {
      from = scan(from, 1, ref -> found[0] = ref);
    }
    return found[0];
  }

  /** The cursor behind an empty slot, from which any migration may go on. */
  private long cursorBehind(IndexTable home, int place) {
    long next = home.hashAt(place + 1);
    if (home == table && isMigrating()) {
      next = Math.min(next, frontier);
    }
    return next >= HASH_END ? -1 : next;
  }

  private IndexTable home(long hash) {
    return hash < frontier ? table : old;
  }

  /**
   * Grows a table whose entries are too many in one part though not in all: new ones that come
   * after a sweep which did not go to the end. Not without bound: entries of equal hash stay
   * together.
   */
  private void growIfUneven() {
    isUneven = true;
    if (IndexSizing.roomFor(size, table) > size && IndexSizing.mayBeSparse(size, table)) {
      growAbove = size;
    }
  }

  private void startGrowing() {
    try {
      startMigration(IndexSizing.grown(isUneven ? IndexSizing.roomFor(size, table) : size));
    } catch (RegionFullException e) {
      growAbove = IndexSizing.retryAbove(size, table.capacity());
    }
  }

  /**
   * A sweep in the order of hashes leaves entries as dense as they were where it has not been yet:
   * a table with room for their number only would be overrun there.
   */
  private void startShrinking() {
    int room = IndexSizing.roomFor(size, table);
    if (IndexSizing.isShrinkingWorthwhile(room, table.slots())) {
      try {
        startMigration(IndexSizing.shrunk(room));
        return;
      } catch (RegionFullException e) {
        // The smaller table is wanted to save memory: later, when there is room for it.
      }
    }
    shrinkBelow = shrinkBelow * 3 / 4;
  }

  private void startMigration(long capacity) {
    IndexTable next = IndexTable.allocate(heap, capacity);
    next.clearTo(1);
    old = table;
    table = next;
    frontier = 0;
    position = 0;
    discarded = 0;
    isUneven = false;
  }

  private void migrate(int slots) {
    int left = slots;
    long reached = frontier;
    boolean overrun = false;
    while (left > 0 && reached < HASH_END && !overrun) {
      long slot = old.slot(position);
      if (slot == 0) {
        position++;
        left--;
        reached = old.hashAt(position);
      } else {
        long hash = slot >>> 32;
        int moved = moveEqual(hash);
        left -= moved;
        overrun = moved == 0;
        reached = overrun ? reached : position < old.slots() ? hash + 1 : HASH_END;
      }
    }
    table.clearTo(reached < HASH_END ? table.home(reached) + 1 : table.slots());
    frontier = reached;
    discardMoved();
    if (reached == HASH_END) {
      finishMigration();
    } else if (overrun) {
      tryRebuild();
    }
  }

  /** Moves all entries of the hash, which begin at the position; none if the slack is used up. */
  private int moveEqual(long hash) {
    int from = position;
    int to = from;
    while (to < old.slots() && old.slot(to) >>> 32 == hash && old.slot(to) != 0) {
      if (!table.insert(hash, (int) old.slot(to))) {
        while (--to >= from) {
          table.removeAt(table.place(hash, (int) old.slot(to)));
        }
        return 0;
      }
      to++;
    }
    position = to;
    return to - from;
  }

  /** Without room for the rebuilt table the migration stays where it is. */
  private void tryRebuild() {
    try {
      rebuild();
    } catch (RegionFullException e) {
      growAbove = size + 1;
    }
  }

  private void discardMoved() {
    if (frontier == HASH_END) {
      return;
    }
    long free = (long) old.home(frontier) << IndexTable.SLOT_SHIFT;
    long step = old.bytes() >= HUGE_TABLE ? DISCARD_STEP_HUGE : DISCARD_STEP;
    long to = free / step * step;
    if (to > discarded) {
      old.discard(discarded, to);
      discarded = to;
    }
  }

  private void finishMigration() {
    IndexTable done = old;
    old = none;
    heap.free(done.ref());
    setThresholds();
  }

  private void setThresholds() {
    growAbove = IndexSizing.growAbove(table.capacity());
    shrinkBelow = IndexSizing.shrinkBelow(table.capacity());
  }

  /** Moves everything at once to a table with slack for all entries and a share more. */
  private void rebuild() {
    int capacity = (int) Math.max(table.capacity(), IndexSizing.grown(size));
    long need = IndexSizing.slackFor(this, capacity);
    long slack = need + need / 4 + IndexTable.SLACK_MIN;
    IndexTable next = IndexTable.allocate(heap, capacity, slack);
    next.clearTo(next.slots());
    forEachSlot(slot -> next.insert(slot >>> 32, (int) slot));
    IndexTable first = table;
    IndexTable second = old;
    table = next;
    old = none;
    frontier = HASH_END;
    isUneven = false;
    heap.free(first.ref());
    if (second != none) {
      heap.free(second.ref());
    }
    setThresholds();
  }

  /** All entries in the order of their hashes, without steps. */
  void forEachSlot(LongConsumer visitor) {
    for (int place = 0; place < table.end(); place++) {
      long slot = table.slot(place);
      if (slot != 0 && slot >>> 32 < frontier) {
        visitor.accept(slot);
      }
    }
    for (int place = old.home(Math.min(frontier, HASH_END - 1)); place < old.end(); place++) {
      long slot = old.slot(place);
      if (slot != 0 && slot >>> 32 >= frontier) {
        visitor.accept(slot);
      }
    }
  }
}

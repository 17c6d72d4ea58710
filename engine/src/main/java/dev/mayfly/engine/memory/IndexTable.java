package dev.mayfly.engine.memory;

/**
 * One table of a {@link HashIndex}: slots of 8 bytes, each {@code hash << 32 | ref} or zero,
 * ordered by hash. An entry lies at its home slot or in the first slots after it, with no empty
 * slot between; there is no wrap, but some slack behind the last home slot.
 *
 * <p>A table that is being filled is cleared as far as needed: slots from {@link #cleared} on hold
 * garbage. The slot behind the last entry, and the home slot of every hash looked up in the table,
 * are always below that mark.
 *
 * <p>Everything but the two marks is immutable, so a reader that holds the table sees an address
 * and a capacity that belong together. Writers hold the shard's lock.
 */
final class IndexTable {
  static final int SLOT_SHIFT = 3;
  static final int SLACK_MIN = 64;

  private static final long PAGE_SLOTS = SizeClasses.PAGE >>> SLOT_SHIFT;
  private static final int CLEAR_STEP = 512;

  /** So many slots are looked at one by one: entries are seldom further from home. */
  private static final int NEAR_SLOTS = 32;

  /** From here on one move of memory is faster than slot by slot. */
  private static final int SHIFT_MIN = 8;

  private final Region region;
  private final long base;
  private final int ref;
  private final int capacity;
  private final int slots;

  /** No entry is further from its home slot than this; read without the lock. */
  private int reach;

  /** See above; read without the lock. */
  private int cleared;

  private IndexTable(Region region, int ref, int capacity, int slots) {
    this.region = region;
    this.ref = ref;
    this.capacity = capacity;
    this.slots = slots;
    base = RecordHeap.offset(ref);
  }

  /** A table without a slot. */
  static IndexTable none(Region region) {
    return new IndexTable(region, 0, 0, 0);
  }

  /**
   * Allocates a table of at least the capacity, using whole pages.
   *
   * @throws RegionFullException if there is no room
   */
  static IndexTable allocate(RecordHeap heap, long capacity) {
    int ref = heap.allocatePages(slotsFor(capacity) << SLOT_SHIFT);
    int slots = Math.toIntExact(heap.capacityBytes(ref) >>> SLOT_SHIFT);
    return new IndexTable(heap.region(), ref, slots - SLACK_MIN, slots);
  }

  /** Allocates a table of just this capacity; what is left of its last page adds to the slack. */
  static IndexTable allocate(RecordHeap heap, int capacity, long slack) {
    int ref = heap.allocatePages((capacity + slack) << SLOT_SHIFT);
    int slots = Math.toIntExact(heap.capacityBytes(ref) >>> SLOT_SHIFT);
    return new IndexTable(heap.region(), ref, capacity, slots);
  }

  /** The slots of a table that is allocated for the capacity. */
  static long slotsFor(long capacity) {
    return (capacity + SLACK_MIN + PAGE_SLOTS - 1) & -PAGE_SLOTS;
  }

  int ref() {
    return ref;
  }

  int capacity() {
    return capacity;
  }

  int slots() {
    return slots;
  }

  long bytes() {
    return (long) slots << SLOT_SHIFT;
  }

  /** Where the slots that hold entries or zero end. */
  int end() {
    return cleared;
  }

  /** No entry is further from its home slot than this. */
  int reach() {
    return reach;
  }

  int home(long hash) {
    return (int) ((hash * capacity) >>> 32);
  }

  /** The lowest hash whose home is not below the slot. */
  long hashAt(int slot) {
    return slot >= capacity ? HashIndex.HASH_END : (((long) slot << 32) + capacity - 1) / capacity;
  }

  long slot(int slot) {
    return region.getLong(base + ((long) slot << SLOT_SHIFT));
  }

  /** How many slots of the range hold entries. */
  int filled(int from, int to) {
    int filled = 0;
    for (int place = from; place < Math.min(to, cleared); place++) {
      filled += slot(place) == 0 ? 0 : 1;
    }
    return filled;
  }

  /** Asks memory for a hash's home slot. Safe without the lock. */
  void touch(long hash) {
    region.touch(base + ((long) home(hash) << SLOT_SHIFT));
  }

  /** The first ref of the hash, 0 if there is none; as safe as {@link #find}. */
  int first(long hash) {
    int home = home(hash);
    int within = Math.min(reach, slots - home);
    long at = base + ((long) home << SLOT_SHIFT);
    long end = at + ((long) Math.min(within, NEAR_SLOTS) << SLOT_SHIFT);
    for (; at < end; at += 1 << SLOT_SHIFT) {
      long slot = region.getLong(at);
      long slotHash = slot >>> 32;
      if (slotHash >= hash || slot == 0) {
        return slotHash == hash ? (int) slot : 0;
      }
    }
    if (within <= NEAR_SLOTS) {
      return 0;
    }
    int far = farPlace(home, hash);
    long slot = far < Math.min(home + within, cleared) ? slot(far) : 0;
    return slot >>> 32 == hash ? (int) slot : 0;
  }

  /** Safe without the lock: what it gives then is to be validated. */
  int find(long hash, byte[] key, HashIndex.KeyMatcher matcher) {
    int home = home(hash);
    int within = Math.min(reach, slots - home);
    long at = base + ((long) home << SLOT_SHIFT);
    long end = at + ((long) Math.min(within, NEAR_SLOTS) << SLOT_SHIFT);
    for (; at < end; at += 1 << SLOT_SHIFT) {
      long slot = region.getLong(at);
      long slotHash = slot >>> 32;
      if (slotHash >= hash) {
        if (slotHash > hash || slot == 0) {
          return 0;
        }
        if (matcher.matches((int) slot, key)) {
          return (int) slot;
        }
      } else if (slot == 0) {
        return 0;
      }
    }
    return within <= NEAR_SLOTS ? 0 : findFar(home, hash, key, matcher);
  }

  private int findFar(int home, long hash, byte[] key, HashIndex.KeyMatcher matcher) {
    int end = Math.min(home + Math.min(reach, slots - home), cleared);
    for (int place = farPlace(home, hash); place < end; place++) {
      long slot = slot(place);
      if (slot == 0 || slot >>> 32 != hash) {
        return 0;
      }
      if (matcher.matches((int) slot, key)) {
        return (int) slot;
      }
    }
    return 0;
  }

  /**
   * The first slot from a hash's home on that holds none of the entries of smaller hashes that were
   * displaced over it, which is where its own begin. Safe without the lock.
   */
  int begin(long hash) {
    int home = home(hash);
    int end = Math.min(home + NEAR_SLOTS, cleared);
    for (int place = home; place < end; place++) {
      if (!holdsBelow(hash, place)) {
        return place;
      }
    }
    return farPlace(home, hash);
  }

  /**
   * As {@link #begin}, by halves. An entry of a smaller hash here lies in a row of entries that
   * begins no later than the hash's home, and is ordered: all before it in the row are smaller too.
   */
  private int farPlace(int home, long hash) {
    int from = home;
    int to = Math.max(home, Math.min(home + Math.min(reach, slots - home), cleared));
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (holdsBelow(hash, middle)) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  private boolean holdsBelow(long hash, int place) {
    long slot = slot(place);
    return slot != 0 && slot >>> 32 < hash;
  }

  /** Adds an entry behind those of equal hash; returns false if the slack is used up. */
  boolean insert(long hash, int ref) {
    int home = home(hash);
    clearTo(home + 1);
    int place = begin(hash);
    while (place < cleared && slot(place) != 0 && slot(place) >>> 32 == hash) {
      place++;
    }
    int empty = firstEmpty(place);
    if (empty == slots) {
      return false;
    }
    clearTo(empty + 2);
    shift(place, place + 1, empty - place);
    put(place, hash << 32 | (ref & 0xFFFFFFFFL));
    reach = Math.max(reach, empty - home + 1);
    return true;
  }

  /** Finds the entry's slot; -1 if it is not there. */
  int place(long hash, int ref) {
    long entry = hash << 32 | (ref & 0xFFFFFFFFL);
    for (int place = begin(hash); isFilled(place); place++) {
      long slot = slot(place);
      if (slot == entry) {
        return place;
      }
      if (slot >>> 32 > hash) {
        break;
      }
    }
    return -1;
  }

  void put(int place, long slot) {
    region.putLong(base + ((long) place << SLOT_SHIFT), slot);
  }

  /** Empties a slot and draws back the entries behind it that are not at home. */
  void removeAt(int place) {
    int end = place + 1;
    while (end < cleared) {
      long slot = slot(end);
      if (slot == 0 || home(slot >>> 32) == end) {
        break;
      }
      end++;
    }
    shift(place + 1, place, end - place - 1);
    put(end - 1, 0);
  }

  /** Makes the slots below the mark readable, some more at once. */
  void clearTo(int mark) {
    int wanted = Math.min(mark, slots);
    if (wanted > cleared) {
      int to = (int) Math.min(slots, (long) wanted + CLEAR_STEP);
      long from = base + ((long) cleared << SLOT_SHIFT);
      region.fill(from, (long) (to - cleared) << SLOT_SHIFT, (byte) 0);
      cleared = to;
    }
  }

  /** Gives back the pages of slots in the range, which nobody will look at under the lock. */
  void discard(long fromByte, long toByte) {
    region.discard(base + fromByte, toByte - fromByte);
  }

  /** The first slot from this one on that holds no entry; the number of slots if all do. */
  private int firstEmpty(int from) {
    int place = from;
    while (place < slots) {
      clearTo(place + 1);
      while (place < cleared) {
        if (slot(place) == 0) {
          return place;
        }
        place++;
      }
    }
    return slots;
  }

  private void shift(int from, int to, int count) {
    if (count > SHIFT_MIN) {
      long source = base + ((long) from << SLOT_SHIFT);
      long target = base + ((long) to << SLOT_SHIFT);
      region.move(source, target, (long) count << SLOT_SHIFT);
    } else if (from < to) {
      for (int i = count - 1; i >= 0; i--) {
        put(to + i, slot(from + i));
      }
    } else {
      for (int i = 0; i < count; i++) {
        put(to + i, slot(from + i));
      }
    }
  }

  /** Whether the slot exists and holds an entry. */
  private boolean isFilled(int slot) {
    return slot < cleared && slot(slot) != 0;
  }
}

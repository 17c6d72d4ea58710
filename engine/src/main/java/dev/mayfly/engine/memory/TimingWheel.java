package dev.mayfly.engine.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The deadlines of one shard, in milliseconds: a hierarchical timing wheel whose lists run through
 * the records themselves, so that an entry costs its two links and no more.
 *
 * <p>No entry is due before its deadline; given budget, none later than a tick of 4 ms after it.
 * Scheduling, cancelling and moving cost O(1); an entry is touched at most once per level on its
 * way down. Confined to the shard's writer, except {@link #nextDue()}. The records and their links
 * are the caller's.
 *
 * <h2>Levels</h2>
 *
 * Time is counted in ticks. Level n has 64 slots of 64^n ticks each, six levels span some nine
 * years; what is due later waits in the last slot and is put back from there. An entry goes to the
 * lowest level on which its tick and the current one share all higher digits (base 64), into the
 * slot of its digit there. So below the top level a slot is never behind the current one, and the
 * current slot of every level above the lowest is empty, except when time has just entered it: its
 * entries are then due to go down. The top level is circular.
 *
 * <h2>Working off</h2>
 *
 * {@link #advance} takes the current slots from the top level to the lowest, entry by entry, until
 * the budget is spent. What is left stays in its slot, and the next call finds it there: no state
 * says that a slot is half done. An entry whose deadline has become later is put back when its old
 * time comes; one whose deadline has become earlier must be cancelled and scheduled.
 *
 * <h2>Links</h2>
 *
 * Both links of an entry that is not scheduled are 0; the caller clears them in a new record. The
 * first entry of a list has the complement of its slot's number as its previous one, a value that
 * the heap never hands out as a ref.
 *
 * <p>References: Varghese and Lauck, Hashed and hierarchical timing wheels, SOSP 1987.
 */
public final class TimingWheel {
  /** The fields of a record that the wheel uses. */
  public interface Links {
    int previous(int ref);

    int next(int ref);

    void previous(int ref, int value);

    void next(int ref, int value);

    /** In milliseconds, not negative. */
    long deadline(int ref);
  }

  /** Receives what is due. */
  @FunctionalInterface
  public interface Due {
    /** The entry is no longer in the wheel; scheduling and cancelling others is allowed here. */
    void due(int ref);
  }

  private static final int TICK_SHIFT = 2;
  private static final int DIGIT_BITS = 6;
  private static final int SLOTS = 1 << DIGIT_BITS;
  private static final int LEVELS = 6;
  private static final int TOP = LEVELS - 1;
  private static final int TOP_SHIFT = TOP * DIGIT_BITS;
  private static final long NEVER = Long.MAX_VALUE;
  private static final VarHandle NEXT_DUE;

  static {
    try {
      NEXT_DUE = MethodHandles.lookup().findVarHandle(TimingWheel.class, "nextDue", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Links links;
  private final Runnable onEarlier;
  private final int[] heads = new int[LEVELS * SLOTS];
  private final long[] occupied = new long[LEVELS];

  /** The tick that is being worked off; nothing is scheduled before it. */
  private long current;

  private long nextDue = NEVER;

  /**
   * @param nowMillis the time from which on entries will be scheduled
   * @param onEarlier called when an entry was scheduled before all others
   */
  public TimingWheel(Links links, long nowMillis, Runnable onEarlier) {
    this.links = links;
    this.onEarlier = onEarlier;
    current = nowMillis >>> TICK_SHIFT;
  }

  /** Puts in an entry that is not scheduled, at the deadline that its links tell. */
  public void schedule(int ref) {
    long due = place(ref) << TICK_SHIFT;
    if (due < nextDue) {
      NEXT_DUE.setOpaque(this, due);
      onEarlier.run();
    }
  }

  /** Whether the entry is in the wheel. */
  public boolean isScheduled(int ref) {
    return links.previous(ref) != 0;
  }

  /** Takes an entry out; does nothing if it is not scheduled. */
  public void cancel(int ref) {
    int previous = links.previous(ref);
    if (previous == 0) {
      return;
    }
    int next = links.next(ref);
    if (next != 0) {
      links.previous(next, previous);
    }
    if (isSlot(previous)) {
      setHead(~previous, next);
    } else {
      links.next(previous, next);
    }
    links.previous(ref, 0);
    links.next(ref, 0);
  }

  /** Lets an entry's neighbours know its new record, into which its links were copied. */
  public void moved(int oldRef, int newRef) {
    int previous = links.previous(newRef);
    if (previous == 0) {
      return;
    }
    int next = links.next(newRef);
    if (next != 0) {
      links.previous(next, newRef);
    }
    if (!isSlot(previous)) {
      links.next(previous, newRef);
    } else if (heads[~previous] == oldRef) {
      setHead(~previous, newRef);
    } else {
      throw new MemoryCheckException("entry " + oldRef + " is not where its links say");
    }
  }

  /**
   * Works off what is due.
   *
   * @param budget how many entries to touch at most
   * @return how many were touched, put back ones included; less than the budget if all is done
   */
  public int advance(long nowMillis, int budget, Due sink) {
    long now = nowMillis >>> TICK_SHIFT;
    int done = 0;
    while (current <= now && done < budget) {
      int slot = slotToWorkOff();
      if (slot >= 0) {
        workOff(heads[slot], nowMillis, sink);
        done++;
      } else {
        current = Math.min(nextTick(), now + 1);
      }
    }
    long tick = nextTick();
    NEXT_DUE.setOpaque(this, tick == NEVER ? NEVER : tick << TICK_SHIFT);
    return done;
  }

  /**
   * A time in milliseconds before which there is nothing to do; {@link Long#MAX_VALUE} if the wheel
   * is empty. Safe for concurrent use; may be too early.
   */
  public long nextDue() {
    return (long) NEXT_DUE.getOpaque(this);
  }

  /** The highest current slot with entries; the current tick is done if there is none: -1. */
  private int slotToWorkOff() {
    for (int level = TOP; level >= 0; level--) {
      int digit = digit(current, level);
      if ((occupied[level] >>> digit & 1) != 0) {
        return level * SLOTS + digit;
      }
    }
    return -1;
  }

  /**
   * Works off what is due to the millisecond, where {@link #advance} goes by the tick. Costs more
   * where many entries are due later in the same tick: each of them is looked at.
   *
   * @param budget how many entries to touch at most, those that are only looked at aside
   * @return how many were touched
   */
  public int advanceWithinTick(long nowMillis, int budget, Due sink) {
    int done = advance(nowMillis, budget, sink);
    if (current != (nowMillis >>> TICK_SHIFT) + 1) {
      return done;
    }
    int slot = slotToWorkOff();
    while (slot >= SLOTS && done < budget) {
      workOff(heads[slot], nowMillis, sink);
      done++;
      slot = slotToWorkOff();
    }
    int kept = 0;
    int ref = slot >= 0 && slot < SLOTS ? heads[slot] : 0;
    while (ref != 0 && done < budget) {
      if (links.deadline(ref) > nowMillis) {
        kept = ref;
      } else {
        workOff(ref, nowMillis, sink);
        done++;
        // The sink may have taken out whatever it liked.
        kept = kept != 0 && isScheduled(kept) ? kept : 0;
      }
      ref = kept == 0 ? heads[slot] : links.next(kept);
    }
    return done;
  }

  /** Whether {@link #advanceWithinTick} may find anything now. Safe for concurrent use. */
  public boolean mayBeDueWithinTick(long nowMillis) {
    return nextDue() >>> TICK_SHIFT <= (nowMillis >>> TICK_SHIFT) + 1;
  }

  private void workOff(int ref, long nowMillis, Due sink) {
    cancel(ref);
    if (links.deadline(ref) <= nowMillis) {
      sink.due(ref);
    } else {
      place(ref);
    }
  }

  /** The first tick, from the current one on, at which a slot is to be worked off. */
  private long nextTick() {
    if (slotToWorkOff() >= 0) {
      return current;
    }
    for (int level = 0; level < TOP; level++) {
      int digit = digit(current, level);
      long ahead = occupied[level] & -1L << digit;
      if (ahead != 0) {
        int shift = level * DIGIT_BITS;
        long block = current >>> shift >>> DIGIT_BITS << DIGIT_BITS;
        return (block + Long.numberOfTrailingZeros(ahead)) << shift;
      }
    }
    if (occupied[TOP] == 0) {
      return NEVER;
    }
    int digit = digit(current, TOP);
    int turns = Long.numberOfTrailingZeros(Long.rotateRight(occupied[TOP], digit));
    return ((current >>> TOP_SHIFT) + turns) << TOP_SHIFT;
  }

  /** Links the entry in; returns the tick at which its slot is to be worked off. */
  private long place(int ref) {
    long tick = Math.max((links.deadline(ref) + (1 << TICK_SHIFT) - 1) >>> TICK_SHIFT, current);
    int level = levelOf(tick);
    long digits = tick >>> (level * DIGIT_BITS);
    if (level == TOP) {
      digits = Math.min(digits, (current >>> TOP_SHIFT) + SLOTS - 1);
    }
    int slot = level * SLOTS + (int) (digits & (SLOTS - 1));
    int next = heads[slot];
    links.previous(ref, ~slot);
    links.next(ref, next);
    if (next != 0) {
      links.previous(next, ref);
    }
    setHead(slot, ref);
    return digits << (level * DIGIT_BITS);
  }

  private int levelOf(long tick) {
    long differing = tick ^ current;
    int highest = 63 - Long.numberOfLeadingZeros(differing | 1);
    return Math.min(highest / DIGIT_BITS, TOP);
  }

  private void setHead(int slot, int ref) {
    heads[slot] = ref;
    long bit = 1L << slot;
    int level = slot >>> DIGIT_BITS;
    occupied[level] = ref == 0 ? occupied[level] & ~bit : occupied[level] | bit;
  }

  private static int digit(long tick, int level) {
    return (int) (tick >>> (level * DIGIT_BITS)) & (SLOTS - 1);
  }

  private static boolean isSlot(int previous) {
    return Integer.compareUnsigned(previous, ~(LEVELS * SLOTS)) > 0;
  }
}

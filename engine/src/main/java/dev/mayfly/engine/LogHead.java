package dev.mayfly.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Where the event log ends: the last revision claimed and the place after its record, which move on
 * together in one atomic step. Safe for any number of threads.
 *
 * <p>Two numbers of which neither fits into half a word are kept under a spin lock, which is held
 * for a handful of instructions without a call, an allocation or a memory access outside this
 * object. A compare-and-set of one packed word costs the same one locked instruction, but wraps,
 * and needs an anchor to tell the laps apart. A thread that loses its processor inside the lock
 * makes the others yield theirs, so that it comes back.
 */
final class LogHead {
  private static final int SPINS = 100;
  private static final VarHandle LOCK;
  private static final VarHandle REVISION;
  private static final VarHandle POSITION;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      LOCK = lookup.findVarHandle(LogHead.class, "lock", int.class);
      REVISION = lookup.findVarHandle(LogHead.class, "revision", long.class);
      POSITION = lookup.findVarHandle(LogHead.class, "position", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final long ringUnits;

  @SuppressWarnings("unused")
  private int lock;

  private long revision;
  private long position;
  private long offsetUnits;

  /**
   * @param ringUnits the size of the ring in units of eight bytes
   * @param revision the one before the first to be claimed
   */
  LogHead(long ringUnits, long revision) {
    this.ringUnits = ringUnits;
    this.revision = revision;
  }

  /** Claims the next revision and the next so many units, which do not straddle the ring's end. */
  void claim(Claim claim, int units) {
    if (!LOCK.compareAndSet(this, 0, 1)) {
      lockContended();
    }
    long nextRevision = revision + 1;
    long start = position;
    long offset = offsetUnits;
    if (offset + units > ringUnits) {
      start += ringUnits - offset;
      offset = 0;
    }
    REVISION.setOpaque(this, nextRevision);
    POSITION.setOpaque(this, start + units);
    offsetUnits = offset + units;
    LOCK.setRelease(this, 0);
    // What is claimed is seen before anything that is written there: pairs with the acquire fence
    // of readers before they ask for revision() and position().
    VarHandle.storeStoreFence();
    claim.revision = nextRevision;
    claim.position = start;
    claim.offset = offset << 3;
    claim.units = units;
  }

  @SuppressWarnings("ThreadPriorityCheck") // only as politeness; being right does not depend on it
  private void lockContended() {
    int spins = 0;
    do {
      while ((int) LOCK.getOpaque(this) != 0) {
        if (++spins < SPINS) {
          Thread.onSpinWait();
        } else {
          Thread.yield();
        }
      }
    } while (!LOCK.compareAndSet(this, 0, 1));
  }

  /** The last revision claimed. */
  long revision() {
    return (long) REVISION.getOpaque(this);
  }

  /** The place after everything claimed, in units since the log began. */
  long position() {
    return (long) POSITION.getOpaque(this);
  }
}

package dev.mayfly.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The sequence lock of a shard: odd while its memory is being changed.
 *
 * <p>Writer, who holds the shard's lock: {@link #begin}, plain writes, {@link #end}. Reader, who
 * holds nothing: {@code s = }{@link #read}, plain reads, {@link #isUnchanged}{@code (s)}; anything
 * but true voids what was read.
 *
 * <p>Why it holds. {@code begin} stores odd and then a store-store fence: whoever sees a later
 * write can see odd. {@code end} is a release: whoever acquires even sees all writes before it. The
 * reader's acquire keeps its reads behind {@code read}; the acquire fence in {@code isUnchanged}
 * keeps them before the second look. So if any read saw a write of a section that began after
 * {@code read}, the second look sees that section's odd or something later, and differs. (Boehm,
 * "Can seqlocks get along with programming language memory models?", 2012.)
 *
 * <p>Open to be extended, so that a test can leave the second look out and see that it is missed.
 */
class Sequence {
  private static final VarHandle VALUE;

  static {
    try {
      VALUE = MethodHandles.lookup().findVarHandle(Sequence.class, "value", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through VALUE
  private long value;

  void begin() {
    VALUE.setOpaque(this, (long) VALUE.get(this) + 1);
    VarHandle.storeStoreFence();
  }

  void end() {
    VALUE.setRelease(this, (long) VALUE.get(this) + 1);
  }

  /** What to give to {@link #isUnchanged}; odd while a change is under way. */
  long read() {
    return (long) VALUE.getAcquire(this);
  }

  boolean isUnchanged(long before) {
    VarHandle.acquireFence();
    return (long) VALUE.getOpaque(this) == before;
  }

  /** Whether nothing was changed since this was read, asked by whoever holds the shard's lock. */
  boolean isStill(long before) {
    return (long) VALUE.get(this) == before;
  }

  static boolean isWriting(long sequence) {
    return (sequence & 1) != 0;
  }
}

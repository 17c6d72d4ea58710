package dev.mayfly.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Tells that something of a shard has come due earlier than anything there was before, so that the
 * thread that waits for it may have to wake up earlier.
 *
 * <p>Raised by whoever holds the shard's lock, once the new deadline can be seen; taken by any
 * thread. Whoever changes a shard takes it afterwards, and looks at the deadlines if it was raised.
 * Taking is one atomic step: of a writer that raises it and another that takes it at the same time,
 * either the one takes it later, or the other sees the deadline.
 */
final class Alarm {
  private static final VarHandle RAISED;

  static {
    try {
      RAISED = MethodHandles.lookup().findVarHandle(Alarm.class, "raised", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through RAISED
  private boolean raised;

  void raise() {
    RAISED.setRelease(this, true);
  }

  /** Whether it was raised; it no longer is. */
  boolean take() {
    return (boolean) RAISED.getOpaque(this) && (boolean) RAISED.getAndSet(this, false);
  }
}

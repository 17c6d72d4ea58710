package dev.mayfly.testing;

import dev.mayfly.store.Absence;

/** A key that did not exist in the model; what has happened to it since tells whether it came. */
final class ModelAbsence implements Absence {
  private final byte[] key;
  private final ModelEvents events;
  private final long since;
  private final int passedBefore;

  ModelAbsence(byte[] key, ModelEvents events) {
    this.key = key;
    this.events = events;
    since = events.newestRevision();
    passedBefore = events.passedCount();
  }

  @Override
  public byte[] key() {
    return key;
  }

  @Override
  public boolean isBroken() {
    return events.isToldSince(key, since) || events.hasPassedSince(key, passedBefore);
  }

  @Override
  public void close() {}
}

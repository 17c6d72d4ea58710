package dev.mayfly.store;

import org.jspecify.annotations.Nullable;

/**
 * Gives a key's value, content type and deadline, or lease, to another key.
 *
 * @param sourceKept whether the source stays (copy) or goes (rename)
 * @param replacing whether a target that exists is replaced, or nothing is done
 * @param rules those of the door; the target's history begins anew
 */
public record TransferRequest(
    byte[] source, byte[] target, boolean sourceKept, boolean replacing, Rules rules) {
  /** Refuses what can be refused without looking at the entries. */
  public void requireValid(Bounds bounds, boolean readOnly) {
    Checks.requireWritable(source, bounds, readOnly);
    Checks.requireWritable(target, bounds, readOnly);
  }

  /**
   * Decides about both keys; they are not the same one.
   *
   * @return whether anything is done
   * @throws MayflyException NOT_FOUND, LOCKED
   */
  public boolean decide(
      @Nullable EntryView from,
      @Nullable EntryView into,
      Stamp stamp,
      Decision fromDecision,
      Decision intoDecision) {
    if (from == null) {
      throw new MayflyException(ErrorCode.NOT_FOUND, "no such key to rename or copy");
    }
    if (!sourceKept) {
      Checks.requireUnlocked(from, stamp);
    }
    Checks.requireUnlocked(into, stamp);
    if (into != null && !replacing) {
      return false;
    }
    intoDecision.rules(rules);
    intoDecision.countSet();
    intoDecision.put();
    intoDecision.created(into == null);
    intoDecision.event(into == null ? EventKind.CREATED : EventKind.UPDATED);
    intoDecision.value(from.value());
    intoDecision.contentType(from.contentType());
    if (from.deadlineMillis() != 0 || (into != null && into.deadlineMillis() != 0)) {
      if (from.lease() == 0) {
        intoDecision.lifespan(from.deadlineMillis(), from.lifespanSetMillis());
      } else {
        intoDecision.lease(from.lease(), from.lifespanSetMillis());
      }
      intoDecision.event(EventKind.LIFESPAN_SET);
    }
    if (!sourceKept) {
      Removals.decide(from, EventKind.DELETED, fromDecision);
    }
    return true;
  }
}

package dev.mayfly.store;

/** How a key goes: the part that several transitions share. */
final class Removals {
  private Removals() {}

  /** Removes the key; its lock goes with it, without an event of its own. */
  static void decide(EntryView before, EventKind reason, Decision decision) {
    decision.remove();
    if (before.lock() != null) {
      decision.lock(null);
    }
    decision.event(reason);
  }
}

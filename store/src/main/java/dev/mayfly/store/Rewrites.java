package dev.mayfly.store;

import org.jspecify.annotations.Nullable;

/** How a value is made from the one before: the part that arithmetic, append and ranges share. */
final class Rewrites {
  private Rewrites() {}

  /** Puts the new value; the content type is detected again, an unstated lifespan stays. */
  static void decide(
      byte[] value,
      Lifespan lifespan,
      Rules rules,
      @Nullable EntryView before,
      Stamp stamp,
      Decision decision) {
    Checks.requireValueSize(value.length, rules, decision.bounds());
    decision.rules(rules);
    decision.countSet();
    decision.applied(true);
    decision.put();
    decision.value(value);
    decision.contentType(null);
    if (before == null) {
      decision.created(true);
      decision.event(EventKind.CREATED);
      Lifespans.decide(lifespan, null, null, stamp, decision);
    } else {
      Lifespans.decide(lifespan, null, before, stamp, decision);
      decision.event(EventKind.UPDATED);
    }
  }
}

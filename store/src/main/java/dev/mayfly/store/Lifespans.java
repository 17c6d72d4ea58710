package dev.mayfly.store;

import org.jspecify.annotations.Nullable;

/** How requests change the lifespan of a key: the part that several transitions share. */
final class Lifespans {
  private Lifespans() {}

  /** Whether the deadline asked for is not in the future, so that the key must not exist. */
  static boolean isPast(Lifespan lifespan, Stamp stamp) {
    return lifespan.kind() == Lifespan.Kind.UNTIL && lifespan.millis() <= stamp.timeMillis();
  }

  /**
   * Decides the lifespan of a key that is put, and its event.
   *
   * @param unstated what nothing said means
   * @return whether anything changes
   */
  static boolean decide(
      Lifespan lifespan,
      Rules.@Nullable UnstatedLifespan unstated,
      @Nullable EntryView before,
      Stamp stamp,
      Decision decision) {
    return switch (lifespan.kind()) {
      case FOR, UNTIL -> {
        decision.lifespan(lifespan.deadlineMillis(stamp.timeMillis()), stamp.timeMillis());
        decision.event(EventKind.LIFESPAN_SET);
        yield true;
      }
      case LEASE -> {
        if (before != null && before.lease() == lifespan.lease()) {
          yield false;
        }
        decision.lease(lifespan.lease(), stamp.timeMillis());
        decision.event(EventKind.LIFESPAN_SET);
        yield true;
      }
      case CLEAR -> before != null && before.deadlineMillis() != 0 && clear(decision);
      case KEEP -> false;
      case UNSTATED -> {
        if (before == null || before.deadlineMillis() == 0 || unstated == null) {
          yield false;
        }
        if (unstated == Rules.UnstatedLifespan.CLEAR) {
          yield clear(decision);
        }
        // What lives on a lease is renewed with it.
        yield before.lease() == 0 && renew(before, stamp, decision);
      }
    };
  }

  private static boolean renew(EntryView before, Stamp stamp, Decision decision) {
    decision.lifespan(stamp.timeMillis() + before.lifespanMillis(), stamp.timeMillis());
    decision.event(EventKind.LIFESPAN_RENEWED);
    return true;
  }

  private static boolean clear(Decision decision) {
    decision.lifespan(0, 0);
    decision.event(EventKind.LIFESPAN_SET);
    return true;
  }
}

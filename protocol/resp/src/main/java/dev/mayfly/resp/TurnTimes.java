package dev.mayfly.resp;

/**
 * Whether large turns end sooner when they are shared: what they took lately for each byte, both
 * ways.
 *
 * <p>A second thread helps on one machine and hinders on the next. To wake it takes time, and what
 * both write to goes from the caches of the one processor to those of the other, which costs more
 * than the work itself where they are far apart. So it is measured: the way that took less is kept,
 * and the other tried for a few turns, now and then. Where both take about as long, nobody helps:
 * the second thread's processor is of more use to others.
 *
 * <p>Confined to the event loop.
 */
final class TurnTimes {
  /** So many turns in a row are a trial of a way. */
  static final int TRIAL_TURNS = 12;

  /** The first turns of a trial do not count: the thread has to come back first. */
  static final int WARM_UP_TURNS = 4;

  /** After so many turns of the better way the other is tried. */
  static final int KEPT_TURNS = 1500;

  /** A turn counts as no more than so many usual ones: it may have lost its processor meanwhile. */
  private static final double OUTLIER = 4;

  /** What a trial measured outweighs what the one before did, when all was colder. */
  private static final double NEWEST_SHARE = 0.25;

  /** To be shared, turns have to take no more than this share of their time. */
  private static final double WORTHWHILE = 0.95;

  /** Nanoseconds for each byte; below zero: not measured yet. */
  private double shared = -1;

  private double alone = -1;
  private boolean isShared = true;
  private boolean isTrial = true;
  private int left = TRIAL_TURNS;

  /** Whether the next large turn is to be shared. */
  boolean isShared() {
    return isShared;
  }

  /** That turn is over; it had so many bytes, at least one, and took so long. */
  void onTurn(long bytes, long nanos) {
    left--;
    if (!isTrial || left < TRIAL_TURNS - WARM_UP_TURNS) {
      double pace = (double) nanos / bytes;
      if (isShared) {
        shared = blend(shared, pace);
      } else {
        alone = blend(alone, pace);
      }
    }
    if (left == 0) {
      goOn();
    }
  }

  private static double blend(double usual, double pace) {
    if (usual < 0) {
      return pace;
    }
    double counted = usual == 0 ? pace : Math.min(pace, OUTLIER * usual);
    return usual + NEWEST_SHARE * (counted - usual);
  }

  private void goOn() {
    isTrial = !isTrial || alone < 0;
    isShared = isTrial ? !isShared : shared <= WORTHWHILE * alone;
    left = isTrial ? TRIAL_TURNS : KEPT_TURNS;
  }
}

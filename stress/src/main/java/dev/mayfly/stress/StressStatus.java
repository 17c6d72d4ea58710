package dev.mayfly.stress;

/**
 * How far a run is. Immutable.
 *
 * @param left how many operations are still to be answered; negative: until the time is over
 * @param done answered so far, the warm-up's included
 * @param errors failed so far, the warm-up's included
 * @param rate answers a second of late, the warm-up's not included
 * @param p99Nanos what 99 of 100 operations took at most of late, nanoseconds
 */
public record StressStatus(long left, long done, long errors, double rate, long p99Nanos) {}

package dev.mayfly.grpc;

import dev.mayfly.store.EventFilter;
import dev.mayfly.store.SlowPolicy;

/**
 * What a watch stream asked for.
 *
 * @param shareKey equal for streams that get the very same messages: they share them
 * @param slow what happens when it does not keep up
 * @param resumed whether it begins at a place that its client named
 * @param cutWhenStalled whether, under {@code DISCONNECT}, it ends as soon as its client takes
 *     nothing for the send timeout
 * @param progressNanos how often it tells how far it has come when nothing else is to tell
 */
record WatchTerms(
    Object shareKey,
    EventFilter filter,
    WatchForm form,
    SlowPolicy slow,
    boolean resumed,
    boolean cutWhenStalled,
    long progressNanos) {
  /** Whether it can read through a group: one that coalesces gets what no other gets. */
  boolean isShared() {
    return slow != SlowPolicy.COALESCE;
  }
}

package dev.mayfly.store;

import org.jspecify.annotations.Nullable;

/**
 * What a watcher asks for.
 *
 * @param after where an earlier watch ended; null: now
 * @param stateFirst whether the keys that exist are told, too, where the watch begins anew: without
 *     a token, or where that one's place is not held any more
 * @param slow what happens when the watcher does not keep up
 */
public record WatchRequest(
    EventFilter filter, @Nullable ResumeToken after, boolean stateFirst, SlowPolicy slow) {}

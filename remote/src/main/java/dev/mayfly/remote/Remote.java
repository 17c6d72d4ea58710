package dev.mayfly.remote;

import dev.mayfly.store.TimeSource;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What everything of one remote store shares; all of it belongs to that.
 *
 * @param endings what is run once, when the store is closed: whoever waits for the timer adds
 *     itself, since its turn may never come; safe for concurrent use
 */
record Remote(
    RemoteConfig config,
    Calls calls,
    TimeSource time,
    ScheduledExecutorService timer,
    Set<Runnable> endings) {}

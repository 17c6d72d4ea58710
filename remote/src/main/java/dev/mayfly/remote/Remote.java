package dev.mayfly.remote;

import dev.mayfly.store.TimeSource;
import java.util.concurrent.ScheduledExecutorService;

/** What everything of one remote store shares; all of it belongs to that. Immutable. */
record Remote(RemoteConfig config, Calls calls, TimeSource time, ScheduledExecutorService timer) {}

/**
 * Metrics, traces, health and the monitor listener that serves them.
 *
 * <p>It reads the contracts and what a door counts; it must not know an engine or a door by name,
 * and nothing waits for it.
 */
@NullMarked
package dev.mayfly.telemetry;

import org.jspecify.annotations.NullMarked;

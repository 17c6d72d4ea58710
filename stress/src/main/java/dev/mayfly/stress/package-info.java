/**
 * Load on any server that one of the doors' protocols reaches, and what it came to: rates,
 * percentiles that a stall cannot hide from, objectives, reports.
 *
 * <p>It knows the wire and the clients, never a room of the server. To read it: {@link
 * dev.mayfly.stress.StressPlan}, {@link dev.mayfly.stress.StressRun}, {@code Schedule}, {@code
 * Worker}, {@code Line}, {@link dev.mayfly.stress.StressReport}.
 */
@NullMarked
package dev.mayfly.stress;

import org.jspecify.annotations.NullMarked;

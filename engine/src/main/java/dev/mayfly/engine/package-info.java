/**
 * The in-memory implementation of the contracts: shards, their index, expiry, history, locks, the
 * event log.
 *
 * <p>It knows the contracts of the store and the JDK. It must not know how a request arrived, how
 * an answer is written, or where a snapshot goes.
 */
@NullMarked
package dev.mayfly.engine;

import org.jspecify.annotations.NullMarked;

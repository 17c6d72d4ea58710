/**
 * The vocabulary and the contracts of the store: keys, entries, events, error codes, time, and the
 * transitions that say what an operation does to a key. It is the one room that every other room
 * may use.
 *
 * <p>It knows nothing of memory layouts, threads, transports or configuration, and depends on no
 * other room.
 */
@NullMarked
package dev.mayfly.store;

import org.jspecify.annotations.NullMarked;

/**
 * Datagrams by the system's own calls: many received and many sent by one call each, in memory that
 * is laid out once ({@link dev.mayfly.counter.socket.BatchSocket}). 64-bit Linux only.
 *
 * <p>It knows addresses and bytes. It must not know what they mean.
 */
@NullMarked
package dev.mayfly.counter.socket;

import org.jspecify.annotations.NullMarked;

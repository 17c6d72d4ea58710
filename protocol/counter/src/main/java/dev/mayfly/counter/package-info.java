/**
 * The counter door: datagrams and TCP messages, of the old kind ({@link
 * dev.mayfly.counter.CounterListener} opens both) and of our own, turned into calls on counters and
 * limits.
 *
 * <p>It knows two wire forms, secrets and peers. It must not know how counters are kept.
 */
@NullMarked
package dev.mayfly.counter;

import org.jspecify.annotations.NullMarked;

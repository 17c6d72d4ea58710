/**
 * Native memory of the engine: address space, record heap, index and timing wheel.
 *
 * <p>All access to memory outside the Java heap happens in this package. It knows refs, bytes,
 * hashes and deadlines; it must not know entries, keys' meaning, events or any contract of the
 * store.
 *
 * <p>In reading order: {@link dev.mayfly.engine.memory.AddressSpace}, {@link
 * dev.mayfly.engine.memory.Region}, {@link dev.mayfly.engine.memory.RecordHeap}, {@link
 * dev.mayfly.engine.memory.HashIndex}, {@link dev.mayfly.engine.memory.TimingWheel}.
 */
@NullMarked
package dev.mayfly.engine.memory;

import org.jspecify.annotations.NullMarked;

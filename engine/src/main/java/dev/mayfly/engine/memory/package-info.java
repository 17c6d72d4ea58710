/**
 * Native memory: address space reserved and given back, slabs, size classes, records of bytes. All
 * access to memory outside the heap is in this one package.
 *
 * <p>It knows bytes, sizes and offsets. It must not know keys, entries, time or the contracts.
 */
@NullMarked
package dev.mayfly.engine.memory;

import org.jspecify.annotations.NullMarked;

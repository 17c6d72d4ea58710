/**
 * Measurements that print ratios against a peer run beside in the same process or the same session.
 *
 * <p>They assert nothing and no other room depends on them.
 */
@NullMarked
package dev.mayfly.benchmarks;

import org.jspecify.annotations.NullMarked;

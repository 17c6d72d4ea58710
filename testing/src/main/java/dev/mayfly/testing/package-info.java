/**
 * What several rooms need to test themselves: the contract tests that every implementation of a
 * contract passes, hand-written fakes, and virtual time.
 *
 * <p>It knows the contracts only, never one implementation of them, and no production code depends
 * on it.
 */
@NullMarked
package dev.mayfly.testing;

import org.jspecify.annotations.NullMarked;

/**
 * Passes TCP connections and datagrams on to backends: {@link dev.mayfly.balancer.Balancer} is the
 * way in, {@link dev.mayfly.balancer.Discovery} says which backends there are.
 *
 * <p>It knows bytes, addresses and health. It must not know what the bytes mean, nor any store.
 */
@NullMarked
package dev.mayfly.balancer;

import org.jspecify.annotations.NullMarked;

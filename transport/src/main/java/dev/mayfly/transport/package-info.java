/**
 * What runs the sockets of doors, clients and the balancer: one choice for all rooms that use Netty
 * by themselves. And how doors share the memory of what their clients have not taken.
 *
 * <p>It knows no other room.
 */
@NullMarked
package dev.mayfly.transport;

import org.jspecify.annotations.NullMarked;

/**
 * The grpc door: one listener that turns gRPC calls into calls on the contracts and their results
 * into replies, for the packages {@code keyquarry} and {@code mayfly.v1}.
 *
 * <p>Read {@link dev.mayfly.grpc.GrpcListener} first, then how a call is run ({@code RunningCall},
 * {@code UnaryHandler}, {@code SteppedHandler}), then what the calls do ({@code KeyCalls} and its
 * neighbours). It must not know the engine, another door, or the configuration's source: what it
 * needs is handed to its constructors.
 */
@NullMarked
package dev.mayfly.grpc;

import org.jspecify.annotations.NullMarked;

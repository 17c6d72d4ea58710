/**
 * The Java client library, over gRPC: the store at a distance.
 *
 * <p>It knows the contracts' messages and the transport, never the server; of {@code store} it uses
 * the time. Read in this order: {@link dev.mayfly.remote.RemoteConfig}, {@link
 * dev.mayfly.remote.RemoteStore}, {@link dev.mayfly.remote.RemoteLock}, {@link
 * dev.mayfly.remote.RemoteWatch}.
 */
@NullMarked
package dev.mayfly.remote;

import org.jspecify.annotations.NullMarked;

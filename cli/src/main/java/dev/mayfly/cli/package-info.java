/**
 * The commands: each reads its arguments, makes one call through the client and prints the answer;
 * serve starts the server.
 *
 * <p>It must not know the contracts, the engine or a door: what it can do, a user can do over the
 * wire.
 */
@NullMarked
package dev.mayfly.cli;

import org.jspecify.annotations.NullMarked;
